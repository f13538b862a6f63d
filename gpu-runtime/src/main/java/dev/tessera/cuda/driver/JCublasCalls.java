package dev.tessera.cuda.driver;

import static dev.tessera.cuda.driver.Results.checkBlas;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasFillMode;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/** The functions of cuBLAS that the backend uses. Thread-safe, as long as one thread at a time uses a handle. */
final class JCublasCalls {
    /** Major, minor and patch level. */
    private static final List<Integer> VERSION_PARTS = List.of(0, 1, 2);

    // cuBLAS reads both factors from the host's memory before a call returns: nearly all calls have these.
    private static final Pointer FLOAT_ONE = scalar(DType.FLOAT32, 1);
    private static final Pointer FLOAT_ZERO = scalar(DType.FLOAT32, 0);
    private static final Pointer DOUBLE_ONE = scalar(DType.FLOAT64, 1);
    private static final Pointer DOUBLE_ZERO = scalar(DType.FLOAT64, 0);

    private JCublasCalls() {}

    static long create() {
        JCublas2.setExceptionsEnabled(false);
        cublasHandle handle = new cublasHandle();
        checkBlas("cublasCreate", JCublas2.cublasCreate(handle));
        return NativeHandles.of(handle);
    }

    static void destroy(long handle) {
        checkBlas("cublasDestroy", JCublas2.cublasDestroy(handleOf(handle)));
    }

    static int version() {
        int version = 0;
        for (int part : VERSION_PARTS) {
            int[] value = new int[1];
            checkBlas("cublasGetProperty", JCublas2.cublasGetProperty(part, value));
            version = version * 100 + value[0];
        }
        return version;
    }

    static void setStream(long handle, long stream) {
        cudaStream_t blasStream = new cudaStream_t(NativeHandles.at(new CUstream(), stream));
        checkBlas("cublasSetStream", JCublas2.cublasSetStream(handleOf(handle), blasStream));
    }

    static void setPedantic(long handle, boolean pedantic) {
        int mode = pedantic ? cublasMath.CUBLAS_PEDANTIC_MATH : cublasMath.CUBLAS_DEFAULT_MATH;
        checkBlas("cublasSetMathMode", JCublas2.cublasSetMathMode(handleOf(handle), mode));
    }

    static void gemm(long handle, GemmCall call) {
        int type = call.compute().dataType();
        int code = JCublas2.cublasGemmEx_new(
                handleOf(handle),
                operation(call.a().transposed()),
                operation(call.b().transposed()),
                call.m(),
                call.n(),
                call.k(),
                factor(call.compute().dtype(), call.alpha()),
                at(call.a().address()),
                type,
                call.a().leadingDimension(),
                at(call.b().address()),
                type,
                call.b().leadingDimension(),
                factor(call.compute().dtype(), call.beta()),
                at(call.c().address()),
                type,
                call.c().leadingDimension(),
                call.compute().computeType(),
                cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
        checkBlas("cublasGemmEx", code);
    }

    static void gemmStridedBatched(long handle, GemmCall call) {
        int type = call.compute().dataType();
        int code = JCublas2.cublasGemmStridedBatchedEx_new(
                handleOf(handle),
                operation(call.a().transposed()),
                operation(call.b().transposed()),
                call.m(),
                call.n(),
                call.k(),
                factor(call.compute().dtype(), call.alpha()),
                at(call.a().address()),
                type,
                call.a().leadingDimension(),
                call.a().stride(),
                at(call.b().address()),
                type,
                call.b().leadingDimension(),
                call.b().stride(),
                factor(call.compute().dtype(), call.beta()),
                at(call.c().address()),
                type,
                call.c().leadingDimension(),
                call.c().stride(),
                call.batch(),
                call.compute().computeType(),
                cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
        checkBlas("cublasGemmStridedBatchedEx", code);
    }

    static void gemv(long handle, GemvCall call) {
        Pointer alpha = factor(call.dtype(), call.alpha());
        Pointer beta = factor(call.dtype(), call.beta());
        Pointer a = at(call.a().address());
        Pointer x = at(call.x());
        Pointer y = at(call.y());
        int operation = operation(call.a().transposed());
        int columns = call.a().leadingDimension();
        cublasHandle blas = handleOf(handle);
        if (call.dtype() == DType.FLOAT64) {
            checkBlas(
                    "cublasDgemv",
                    JCublas2.cublasDgemv(
                            blas,
                            operation,
                            call.m(),
                            call.n(),
                            alpha,
                            a,
                            columns,
                            x,
                            call.xStride(),
                            beta,
                            y,
                            call.yStride()));
        } else {
            checkBlas(
                    "cublasSgemv",
                    JCublas2.cublasSgemv(
                            blas,
                            operation,
                            call.m(),
                            call.n(),
                            alpha,
                            a,
                            columns,
                            x,
                            call.xStride(),
                            beta,
                            y,
                            call.yStride()));
        }
    }

    static void syrk(long handle, SyrkCall call) {
        Pointer alpha = factor(call.dtype(), call.alpha());
        Pointer beta = factor(call.dtype(), call.beta());
        Pointer a = at(call.a().address());
        Pointer c = at(call.c().address());
        int triangle = call.lower() ? cublasFillMode.CUBLAS_FILL_MODE_LOWER : cublasFillMode.CUBLAS_FILL_MODE_UPPER;
        int operation = operation(call.a().transposed());
        int aColumns = call.a().leadingDimension();
        int cColumns = call.c().leadingDimension();
        cublasHandle blas = handleOf(handle);
        if (call.dtype() == DType.FLOAT64) {
            checkBlas(
                    "cublasDsyrk",
                    JCublas2.cublasDsyrk(
                            blas, triangle, operation, call.n(), call.k(), alpha, a, aColumns, beta, c, cColumns));
        } else {
            checkBlas(
                    "cublasSsyrk",
                    JCublas2.cublasSsyrk(
                            blas, triangle, operation, call.n(), call.k(), alpha, a, aColumns, beta, c, cColumns));
        }
    }

    private static Pointer factor(DType dtype, double value) {
        boolean isDouble = dtype == DType.FLOAT64;
        if (value == 1) {
            return isDouble ? DOUBLE_ONE : FLOAT_ONE;
        }
        // cuBLAS compares beta with zero: -0 is one too.
        if (value == 0) {
            return isDouble ? DOUBLE_ZERO : FLOAT_ZERO;
        }
        return scalar(dtype, value);
    }

    private static Pointer scalar(DType dtype, double value) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.nativeOrder());
        if (dtype == DType.FLOAT64) {
            bytes.putDouble(0, value);
        } else {
            bytes.putFloat(0, (float) value);
        }
        return Pointer.to(bytes);
    }

    private static int operation(boolean transposed) {
        return transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    }

    private static cublasHandle handleOf(long handle) {
        return NativeHandles.at(new cublasHandle(), handle);
    }

    private static Pointer at(long address) {
        return NativeHandles.at(new Pointer(), address);
    }
}
