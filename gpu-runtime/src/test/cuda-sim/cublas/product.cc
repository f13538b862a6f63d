#include "cublas/product.h"

#include <vector>

#include "core/codes.h"
#include "core/errors.h"
#include "engine/half.h"

namespace sim {

int64_t sizeOf(Element element) {
    switch (element) {
        case Element::Float32: return 4;
        case Element::Float64: return 8;
        default: return 2;
    }
}

namespace {

uint64_t bytesOf(const Matrix& matrix, int64_t rows, int64_t columns) {
    if (rows == 0 || columns == 0) return 0;
    return static_cast<uint64_t>(((columns - 1) * matrix.leading + rows) * sizeOf(matrix.element));
}

uint64_t placeOf(const Matrix& matrix, int64_t index) { return matrix.address + static_cast<uint64_t>(index * matrix.stride * sizeOf(matrix.element)); }

void check(const Product& product, const DeviceMemory& memory, const char* which, const Matrix& matrix, int64_t rows, int64_t columns, int64_t index) {
    uint64_t address = placeOf(matrix, index), bytes = bytesOf(matrix, rows, columns);
    if (bytes == 0) return;
    if (address % static_cast<uint64_t>(sizeOf(matrix.element)) != 0) {
        throw DeviceFault(MISALIGNED_ADDRESS, format("%s: matrix %s at 0x%llx is not aligned to its elements", product.name, which, static_cast<unsigned long long>(address)));
    }
    if (!memory.holds(address, bytes)) {
        throw DeviceFault(ILLEGAL_ADDRESS, format("%s: matrix %s (%lld x %lld, leading dimension %lld, number %lld of the batch) at 0x%llx needs %llu bytes, %s", product.name, which,
                                                  static_cast<long long>(rows), static_cast<long long>(columns), static_cast<long long>(matrix.leading), static_cast<long long>(index),
                                                  static_cast<unsigned long long>(address), static_cast<unsigned long long>(bytes), memory.describe(address).c_str()));
    }
}

void checkApart(const Product& product, const char* which, const Matrix& factor, uint64_t factorBytes, uint64_t cBytes, int64_t index) {
    uint64_t from = placeOf(factor, index), to = placeOf(product.c, index);
    if (from < to + cBytes && to < from + factorBytes) throw DeviceFault(LAUNCH_FAILED, format("%s: C overlaps %s", product.name, which));
}

double loaded(uint64_t address, Element element, int64_t at) {
    switch (element) {
        case Element::Float32: return reinterpret_cast<const float*>(address)[at];
        case Element::Float64: return reinterpret_cast<const double*>(address)[at];
        case Element::Float16: return floatOfHalf(reinterpret_cast<const uint16_t*>(address)[at]);
        case Element::Bfloat16: return floatOfBfloat(reinterpret_cast<const uint16_t*>(address)[at]);
    }
    return 0;
}

void store(uint64_t address, Element element, int64_t at, double value) {
    switch (element) {
        case Element::Float32: reinterpret_cast<float*>(address)[at] = static_cast<float>(value); break;
        case Element::Float64: reinterpret_cast<double*>(address)[at] = value; break;
        case Element::Float16: reinterpret_cast<uint16_t*>(address)[at] = halfOf(static_cast<float>(value), false); break;
        case Element::Bfloat16: reinterpret_cast<uint16_t*>(address)[at] = bfloatOf(static_cast<float>(value), false); break;
    }
}

float roundedTo(Precision precision, float value) {
    switch (precision) {
        case Precision::Full: return value;
        case Precision::Tf32: return tf32Of(value);
        case Precision::Float16: return floatOfHalf(halfOf(value, false));
        case Precision::Bfloat16: return floatOfBfloat(bfloatOf(value, false));
    }
    return value;
}

/// A factor as rows x columns without gaps, column after column, transposed and rounded as the product asks.
template <class T>
std::vector<T> packed(const Matrix& matrix, int64_t index, bool transposes, int64_t rows, int64_t columns, Precision precision) {
    std::vector<T> result(static_cast<size_t>(rows * columns));
    uint64_t address = placeOf(matrix, index);
    for (int64_t column = 0; column < columns; column++) {
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = transposes ? column + row * matrix.leading : row + column * matrix.leading;
            T value = static_cast<T>(loaded(address, matrix.element, at));
            if constexpr (sizeof(T) == 4) value = roundedTo(precision, value);
            result[static_cast<size_t>(row + column * rows)] = value;
        }
    }
    return result;
}

bool isWritten(Part part, int64_t row, int64_t column) { return part == Part::All || (part == Part::Upper ? row <= column : row >= column); }

template <class T>
void multiply(const Product& product, int64_t index) {
    auto a = packed<T>(product.a, index, product.transposesA, product.m, product.k, product.precision);
    auto b = packed<T>(product.b, index, product.transposesB, product.k, product.n, product.precision);
    uint64_t c = placeOf(product.c, index);
    std::vector<T> sums(static_cast<size_t>(product.m));
    for (int64_t column = 0; column < product.n; column++) {
        std::fill(sums.begin(), sums.end(), T(0));
        for (int64_t inner = 0; inner < product.k; inner++) {
            const T* from = a.data() + inner * product.m;
            T factor = b[static_cast<size_t>(inner + column * product.k)];
            T* to = sums.data();
            for (int64_t row = 0; row < product.m; row++) {
                if constexpr (sizeof(T) == 4) to[row] = __builtin_fmaf(from[row], factor, to[row]);
                else to[row] = __builtin_fma(from[row], factor, to[row]);
            }
        }
        for (int64_t row = 0; row < product.m; row++) {
            if (!isWritten(product.part, row, column)) continue;
            int64_t at = row + column * product.c.leading;
            T value = static_cast<T>(product.alpha) * sums[static_cast<size_t>(row)];
            // With beta 0, C is not read: it may hold anything.
            if (product.beta != 0) value += static_cast<T>(product.beta) * static_cast<T>(loaded(c, product.c.element, at));
            store(c, product.c.element, at, value);
        }
    }
}

}  // namespace

double run(const Product& product, const DeviceMemory& memory) {
    for (int64_t index = 0; index < product.batch; index++) {
        int64_t rowsA = product.transposesA ? product.k : product.m, columnsA = product.transposesA ? product.m : product.k;
        int64_t rowsB = product.transposesB ? product.n : product.k, columnsB = product.transposesB ? product.k : product.n;
        check(product, memory, "A", product.a, rowsA, columnsA, index);
        check(product, memory, "B", product.b, rowsB, columnsB, index);
        check(product, memory, "C", product.c, product.m, product.n, index);
        uint64_t bytesC = bytesOf(product.c, product.m, product.n);
        checkApart(product, "A", product.a, bytesOf(product.a, rowsA, columnsA), bytesC, index);
        checkApart(product, "B", product.b, bytesOf(product.b, rowsB, columnsB), bytesC, index);
        product.a.element == Element::Float64 ? multiply<double>(product, index) : multiply<float>(product, index);
    }
    constexpr double nanosecondsPerCall = 4000, nanosecondsPerMultiplication = 0.0005;
    return nanosecondsPerCall + nanosecondsPerMultiplication * static_cast<double>(product.batch * product.m) * static_cast<double>(product.n * product.k);
}

}  // namespace sim
