// The cuBLAS functions that are simulated. They run in the handle's stream, like kernels.
#include <map>
#include <memory>

#include "cublas/product.h"
#include "driver/simulation.h"

using namespace sim;

namespace {

enum Status : int { OK = 0, UNINITIALISED = 1, BAD_VALUE = 7, FAILED = 13, UNSUPPORTED = 15 };

constexpr int VERSION = 120600;
constexpr int NO_TRANSPOSE = 0, CONJUGATE = 2;
constexpr int POINTERS_ON_HOST = 0;

struct Handle {
    Device* device;
    Stream* stream = nullptr;
    int mathMode = 0;
    int pointerMode = POINTERS_ON_HOST;
};

std::map<Handle*, std::unique_ptr<Handle>>& handles() {
    static auto* all = new std::map<Handle*, std::unique_ptr<Handle>>();
    return *all;
}

/// The frame of every function: counts, injects faults, checks the handle and the state of its device.
int withHandle(const char* function, Handle* handle, const std::function<int(Handle&)>& body) {
    return callWithoutDevice(function, Need::Nothing, [&]() -> int {
        if (handles().count(handle) == 0) return UNINITIALISED;
        if (currentDevice() != handle->device) {
            logFault(std::string(function) + ": the context of the handle is not current");
            return UNINITIALISED;
        }
        if (handle->device->stickyCode() != 0) return FAILED;
        int status = body(*handle);
        return handle->device->stickyCode() != 0 ? FAILED : status;
    });
}

bool isTransposed(int operation) { return operation != NO_TRANSPOSE; }

int invalid(const Product& product, const char* why) {
    logFault(format("%s: %s (m %lld, n %lld, k %lld, lda %lld, ldb %lld, ldc %lld)", product.name, why, static_cast<long long>(product.m), static_cast<long long>(product.n),
                    static_cast<long long>(product.k), static_cast<long long>(product.a.leading), static_cast<long long>(product.b.leading),
                    static_cast<long long>(product.c.leading)));
    return BAD_VALUE;
}

int enqueue(Handle& handle, const Product& product) {
    if (product.m < 0 || product.n < 0 || product.k < 0 || product.batch < 0) return invalid(product, "a negative dimension");
    int64_t rowsA = product.transposesA ? product.k : product.m, rowsB = product.transposesB ? product.n : product.k;
    if (product.a.leading < std::max<int64_t>(1, rowsA)) return invalid(product, "lda is too small");
    if (product.b.leading < std::max<int64_t>(1, rowsB)) return invalid(product, "ldb is too small");
    if (product.c.leading < std::max<int64_t>(1, product.m)) return invalid(product, "ldc is too small");
    if (handle.pointerMode != POINTERS_ON_HOST) return UNSUPPORTED;
    if (!handle.device->isStream(handle.stream)) return invalid(product, "the stream of the handle was destroyed");
    simulation().counters["products"]++;
    simulation().counters[std::string("product.") + product.name]++;
    if (product.m == 0 || product.n == 0 || product.batch == 0) return OK;
    Device* device = handle.device;
    device->enqueue(handle.stream, product.name, [device, product] { return run(product, device->memory); });
    return OK;
}

Precision precisionOf(int mathMode) {
    constexpr int tensorOpTf32 = 3, modes = 15;
    return (mathMode & modes) == tensorOpTf32 ? Precision::Tf32 : Precision::Full;
}

Matrix matrix(const void* address, Element element, int64_t leading, int64_t stride = 0) { return {reinterpret_cast<uint64_t>(address), element, leading, stride}; }

template <class T>
constexpr Element elementOf() {
    return sizeof(T) == 4 ? Element::Float32 : Element::Float64;
}

struct Shape {
    int operationA, operationB;
    int64_t m, n, k;
};

template <class T>
int gemm(const char* name, Handle* handle, Shape shape, const T* alpha, Matrix a, Matrix b, const T* beta, Matrix c, int64_t batch) {
    return withHandle(name, handle, [&](Handle& owner) {
        if (shape.operationA > CONJUGATE || shape.operationB > CONJUGATE) return static_cast<int>(BAD_VALUE);
        Product product{name, isTransposed(shape.operationA), isTransposed(shape.operationB), shape.m, shape.n, shape.k, *alpha, *beta,
                        a, b, c, batch, precisionOf(owner.mathMode), Part::All};
        return enqueue(owner, product);
    });
}

/// The compute types that are simulated, by cublasComputeType_t.
bool precisionOf(int computeType, int mathMode, Precision& precision, bool& isDouble) {
    isDouble = false;
    switch (computeType) {
        case 68: precision = precisionOf(mathMode); return true;
        case 69: precision = Precision::Full; return true;
        case 74: precision = Precision::Float16; return true;
        case 75: precision = Precision::Bfloat16; return true;
        case 77: precision = Precision::Tf32; return true;
        case 70:
        case 71:
            precision = Precision::Full;
            isDouble = true;
            return true;
        default: return false;
    }
}

bool isElement(int type) { return type == 0 || type == 1 || type == 2 || type == 14; }

int unsupported(const char* name, const Matrix& a, const Matrix& b, const Matrix& c, int computeType) {
    logFault(format("%s: compute type %d of element types %d, %d and %d is not simulated", name, computeType, static_cast<int>(a.element), static_cast<int>(b.element),
                    static_cast<int>(c.element)));
    return UNSUPPORTED;
}

int gemmEx(const char* name, Handle* handle, Shape shape, const void* alpha, Matrix a, Matrix b, const void* beta, Matrix c, int64_t batch, int computeType) {
    return withHandle(name, handle, [&](Handle& owner) -> int {
        Precision precision;
        bool isDouble;
        if (!precisionOf(computeType, owner.mathMode, precision, isDouble)) return unsupported(name, a, b, c, computeType);
        for (const Matrix* one : {&a, &b, &c}) {
            if (!isElement(static_cast<int>(one->element)) || (one->element == Element::Float64) != isDouble) return unsupported(name, a, b, c, computeType);
        }
        if (a.element != b.element) return unsupported(name, a, b, c, computeType);
        auto scalar = [isDouble](const void* from) { return isDouble ? *static_cast<const double*>(from) : static_cast<double>(*static_cast<const float*>(from)); };
        Product product{name, isTransposed(shape.operationA), isTransposed(shape.operationB), shape.m, shape.n, shape.k, scalar(alpha), scalar(beta),
                        a, b, c, batch, precision, Part::All};
        return enqueue(owner, product);
    });
}

/// y = alpha op(A) x + beta y, as a product of op(A) with x as the rows of one column: x lies transposed, so that its
/// increment is a leading dimension; y likewise: y' = x' op(A)'.
template <class T>
int gemv(const char* name, Handle* handle, int operation, int64_t m, int64_t n, const T* alpha, Matrix a, Matrix x, const T* beta, Matrix y, int64_t batch) {
    return withHandle(name, handle, [&](Handle& owner) -> int {
        if (x.leading <= 0 || y.leading <= 0) return x.leading == 0 || y.leading == 0 ? BAD_VALUE : UNSUPPORTED;
        bool isTransposedA = isTransposed(operation);
        int64_t rows = isTransposedA ? n : m, inner = isTransposedA ? m : n;
        Product product{name, false, !isTransposedA, 1, rows, inner, *alpha, *beta, x, a, y, batch, precisionOf(0), Part::All};
        return enqueue(owner, product);
    });
}

/// Of C = alpha op(A) op(A)' + beta C only one triangle, by cublasFillMode_t.
template <class T>
int syrk(const char* name, Handle* handle, int fill, int operation, int64_t n, int64_t k, const T* alpha, Matrix a, const T* beta, Matrix c) {
    return withHandle(name, handle, [&](Handle& owner) {
        constexpr int lower = 0;
        bool transposes = isTransposed(operation);
        Product product{name, transposes, !transposes, n, n, k, *alpha, *beta, a, a, c, 1, precisionOf(owner.mathMode), fill == lower ? Part::Lower : Part::Upper};
        return enqueue(owner, product);
    });
}

}  // namespace

#define GEMM(NAME, SUFFIX, T, INT)                                                                                                                             \
    int NAME##_v2##SUFFIX(Handle* h, int ta, int tb, INT m, INT n, INT k, const T* alpha, const T* a, INT lda, const T* b, INT ldb, const T* beta, T* c, INT ldc) { \
        constexpr Element e = elementOf<T>();                                                                                                                  \
        return gemm<T>(#NAME, h, {ta, tb, m, n, k}, alpha, matrix(a, e, lda), matrix(b, e, ldb), beta, matrix(c, e, ldc), 1);                                  \
    }                                                                                                                                                          \
    int NAME##StridedBatched##SUFFIX(Handle* h, int ta, int tb, INT m, INT n, INT k, const T* alpha, const T* a, INT lda, long long sa, const T* b, INT ldb,     \
                                     long long sb, const T* beta, T* c, INT ldc, long long sc, INT count) {                                                    \
        constexpr Element e = elementOf<T>();                                                                                                                  \
        return gemm<T>(#NAME "StridedBatched", h, {ta, tb, m, n, k}, alpha, matrix(a, e, lda, sa), matrix(b, e, ldb, sb), beta, matrix(c, e, ldc, sc), count); \
    }

#define GEMM_EX(SUFFIX, INT)                                                                                                                                  \
    int cublasGemmEx##SUFFIX(Handle* h, int ta, int tb, INT m, INT n, INT k, const void* alpha, const void* a, Element ea, INT lda, const void* b, Element eb,   \
                             INT ldb, const void* beta, void* c, Element ec, INT ldc, int compute, int) {                                                     \
        return gemmEx("cublasGemmEx", h, {ta, tb, m, n, k}, alpha, matrix(a, ea, lda), matrix(b, eb, ldb), beta, matrix(c, ec, ldc), 1, compute);             \
    }                                                                                                                                                         \
    int cublasGemmStridedBatchedEx##SUFFIX(Handle* h, int ta, int tb, INT m, INT n, INT k, const void* alpha, const void* a, Element ea, INT lda, long long sa, \
                                           const void* b, Element eb, INT ldb, long long sb, const void* beta, void* c, Element ec, INT ldc, long long sc,    \
                                           INT count, int compute, int) {                                                                                     \
        return gemmEx("cublasGemmStridedBatchedEx", h, {ta, tb, m, n, k}, alpha, matrix(a, ea, lda, sa), matrix(b, eb, ldb, sb), beta, matrix(c, ec, ldc, sc), \
                      count, compute);                                                                                                                        \
    }

#define GEMV(NAME, SUFFIX, T, INT)                                                                                                                           \
    int NAME##_v2##SUFFIX(Handle* h, int t, INT m, INT n, const T* alpha, const T* a, INT lda, const T* x, INT incx, const T* beta, T* y, INT incy) {          \
        constexpr Element e = elementOf<T>();                                                                                                                \
        return gemv<T>(#NAME, h, t, m, n, alpha, matrix(a, e, lda), matrix(x, e, incx), beta, matrix(y, e, incy), 1);                                        \
    }                                                                                                                                                        \
    int NAME##StridedBatched##SUFFIX(Handle* h, int t, INT m, INT n, const T* alpha, const T* a, INT lda, long long sa, const T* x, INT incx, long long sx,    \
                                     const T* beta, T* y, INT incy, long long sy, INT count) {                                                               \
        constexpr Element e = elementOf<T>();                                                                                                                \
        return gemv<T>(#NAME "StridedBatched", h, t, m, n, alpha, matrix(a, e, lda, sa), matrix(x, e, incx, sx), beta, matrix(y, e, incy, sy), count);       \
    }

#define SYRK(NAME, SUFFIX, T, INT)                                                                                                            \
    int NAME##_v2##SUFFIX(Handle* h, int fill, int t, INT n, INT k, const T* alpha, const T* a, INT lda, const T* beta, T* c, INT ldc) {          \
        constexpr Element e = elementOf<T>();                                                                                                 \
        return syrk<T>(#NAME, h, fill, t, n, k, alpha, matrix(a, e, lda), beta, matrix(c, e, ldc));                                           \
    }

extern "C" {

int cublasCreate_v2(Handle** handle) {
    return callWithoutDevice("cublasCreate", Need::Nothing, [&]() -> int {
        Device* device = currentDevice();
        if (device == nullptr || device->stickyCode() != 0) return UNINITIALISED;
        auto made = std::make_unique<Handle>();
        made->device = device;
        *handle = made.get();
        handles()[*handle] = std::move(made);
        simulation().counters["cublas.created"]++;
        return OK;
    });
}

int cublasDestroy_v2(Handle* handle) {
    return callWithoutDevice("cublasDestroy", Need::Nothing, [&]() -> int {
        if (handles().erase(handle) == 0) return UNINITIALISED;
        simulation().counters["cublas.destroyed"]++;
        return OK;
    });
}

int cublasSetStream_v2(Handle* handle, Stream* stream) {
    return withHandle("cublasSetStream", handle, [&](Handle& owner) -> int {
        if (!owner.device->isStream(stream)) return BAD_VALUE;
        owner.stream = stream;
        return OK;
    });
}

int cublasGetStream_v2(Handle* handle, Stream** stream) {
    return withHandle("cublasGetStream", handle, [&](Handle& owner) -> int {
        *stream = owner.stream;
        return OK;
    });
}

int cublasSetMathMode(Handle* handle, int mode) {
    return withHandle("cublasSetMathMode", handle, [&](Handle& owner) -> int {
        owner.mathMode = mode;
        return OK;
    });
}

int cublasGetMathMode(Handle* handle, int* mode) {
    return withHandle("cublasGetMathMode", handle, [&](Handle& owner) -> int {
        *mode = owner.mathMode;
        return OK;
    });
}

int cublasSetPointerMode_v2(Handle* handle, int mode) {
    return withHandle("cublasSetPointerMode", handle, [&](Handle& owner) -> int {
        owner.pointerMode = mode;
        return OK;
    });
}

int cublasSetAtomicsMode(Handle* handle, int) {
    return withHandle("cublasSetAtomicsMode", handle, [](Handle&) -> int { return OK; });
}

/// The workspace is not used, but must be what the caller says it is.
int cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t bytes) {
    return withHandle("cublasSetWorkspace", handle, [&](Handle& owner) -> int {
        return bytes == 0 || owner.device->memory.holds(reinterpret_cast<uint64_t>(workspace), bytes) ? OK : BAD_VALUE;
    });
}

int cublasGetVersion_v2(Handle*, int* version) {
    *version = VERSION;
    return OK;
}

/// Of the version: 0 is its major number, 1 its minor one, 2 its patch level.
int cublasGetProperty(int property, int* value) {
    if (property < 0 || property > 2) return BAD_VALUE;
    const int parts[] = {VERSION / 10000, VERSION / 100 % 100, VERSION % 100};
    *value = parts[property];
    return OK;
}

const char* cublasGetStatusName(int status) {
    switch (status) {
        case OK: return "CUBLAS_STATUS_SUCCESS";
        case UNINITIALISED: return "CUBLAS_STATUS_NOT_INITIALIZED";
        case 3: return "CUBLAS_STATUS_ALLOC_FAILED";
        case BAD_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
        case FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
        case 14: return "CUBLAS_STATUS_INTERNAL_ERROR";
        case UNSUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
        default: return "unknown cuBLAS status";
    }
}

const char* cublasGetStatusString(int status) { return cublasGetStatusName(status); }

GEMM(cublasSgemm, , float, int)
GEMM(cublasSgemm, _64, float, int64_t)
GEMM(cublasDgemm, , double, int)
GEMM(cublasDgemm, _64, double, int64_t)
GEMM_EX(, int)
GEMM_EX(_64, int64_t)
GEMV(cublasSgemv, , float, int)
GEMV(cublasSgemv, _64, float, int64_t)
GEMV(cublasDgemv, , double, int)
GEMV(cublasDgemv, _64, double, int64_t)
SYRK(cublasSsyrk, , float, int)
SYRK(cublasSsyrk, _64, float, int64_t)
SYRK(cublasDsyrk, , double, int)
SYRK(cublasDsyrk, _64, double, int64_t)

}  // extern "C"
