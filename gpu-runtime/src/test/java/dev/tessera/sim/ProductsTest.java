package dev.tessera.sim;

import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.jcublas.cublasMath.CUBLAS_DEFAULT_MATH;
import static jcuda.jcublas.cublasMath.CUBLAS_TF32_TENSOR_OP_MATH;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_INVALID_VALUE;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasFillMode;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Products of small integers, which floats hold exactly, column-major as cuBLAS has them. What JCuda 12.6.0 calls the
 * compute type of {@code cublasGemmEx} is a data type: it goes through NVIDIA's overload for old callers, which knows
 * no {@code CUBLAS_COMPUTE_...} and answers NOT_SUPPORTED.
 */
@ExtendWith(SimulatedCuda.class)
class ProductsTest {
    private static final int M = 5;
    private static final int N = 7;
    private static final int K = 3;
    private static final Pointer ONE = Pointer.to(new float[] {1});
    private static final Pointer TWO = Pointer.to(new float[] {2});
    private static final Pointer ZERO = Pointer.to(new float[] {0});

    @Test
    void allTransposesWithLeadingDimensionsAndBetaAreExact() {
        for (int transposes = 0; transposes < 4; transposes++) {
            boolean isTransposedA = (transposes & 1) != 0;
            boolean isTransposedB = (transposes & 2) != 0;
            float[] a = integers(11 * 11, 1);
            float[] b = integers(11 * 11, 2);
            float[] c = integers(11 * N, 3);
            try (JCudaSession cuda = JCudaSession.withoutModule();
                    Handle handle = new Handle()) {
                CUdeviceptr result = cuda.upload(c);
                int status = JCublas2.cublasGemmEx(
                        handle.blas,
                        isTransposedA ? CUBLAS_OP_T : CUBLAS_OP_N,
                        isTransposedB ? CUBLAS_OP_T : CUBLAS_OP_N,
                        M,
                        N,
                        K,
                        TWO,
                        cuda.upload(a),
                        CUDA_R_32F,
                        9,
                        cuda.upload(b),
                        CUDA_R_32F,
                        10,
                        ONE,
                        result,
                        CUDA_R_32F,
                        11,
                        CUDA_R_32F,
                        cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
                assertThat(status).isEqualTo(CUBLAS_STATUS_SUCCESS);
                assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
                float[] actual = cuda.floats(result, c.length);
                for (int row = 0; row < M; row++) {
                    for (int column = 0; column < N; column++) {
                        float sum = 0;
                        for (int k = 0; k < K; k++) {
                            sum += (isTransposedA ? a[k + row * 9] : a[row + k * 9])
                                    * (isTransposedB ? b[column + k * 10] : b[k + column * 10]);
                        }
                        assertThat(actual[row + column * 11]).isEqualTo(2 * sum + c[row + column * 11]);
                    }
                }
                assertThat(actual[M])
                        .as("between the columns nothing is written")
                        .isEqualTo(c[M]);
            }
        }
    }

    @Test
    void stridedBatchesAreExact() {
        float[] a = integers(M * K * 2, 4);
        float[] b = integers(K * N, 5);
        try (JCudaSession cuda = JCudaSession.withoutModule();
                Handle handle = new Handle()) {
            CUdeviceptr batch = cuda.allocate(4L * M * N * 2);
            CUdeviceptr first = cuda.upload(a);
            CUdeviceptr shared = cuda.upload(b);
            assertThat(JCublas2.cublasSgemmStridedBatched(
                            handle.blas,
                            CUBLAS_OP_N,
                            CUBLAS_OP_N,
                            M,
                            N,
                            K,
                            ONE,
                            first,
                            M,
                            M * K,
                            shared,
                            K,
                            0,
                            ZERO,
                            batch,
                            M,
                            M * N,
                            2))
                    .isEqualTo(CUBLAS_STATUS_SUCCESS);
            float[] products = cuda.floats(batch, M * N * 2);
            for (int row = 0; row < M; row++) {
                for (int column = 0; column < N; column++) {
                    float second = 0;
                    for (int k = 0; k < K; k++) {
                        second += a[M * K + row + k * M] * b[k + column * K];
                    }
                    assertThat(products[M * N + row + column * M]).isEqualTo(second);
                }
            }
        }
    }

    @Test
    void productsWithVectorsAndWithTheOwnTransposeAreExact() {
        float[] a = integers(M * K, 4);
        float[] x = integers(K, 6);
        try (JCudaSession cuda = JCudaSession.withoutModule();
                Handle handle = new Handle()) {
            CUdeviceptr vector = cuda.allocate(4L * M);
            CUdeviceptr symmetric = cuda.upload(new float[M * M]);
            CUdeviceptr matrix = cuda.upload(a);
            assertThat(JCublas2.cublasSgemv(
                            handle.blas, CUBLAS_OP_N, M, K, ONE, matrix, M, cuda.upload(x), 1, ZERO, vector, 1))
                    .isEqualTo(CUBLAS_STATUS_SUCCESS);
            assertThat(JCublas2.cublasSsyrk(
                            handle.blas,
                            cublasFillMode.CUBLAS_FILL_MODE_LOWER,
                            CUBLAS_OP_N,
                            M,
                            K,
                            ONE,
                            matrix,
                            M,
                            ZERO,
                            symmetric,
                            M))
                    .isEqualTo(CUBLAS_STATUS_SUCCESS);
            float[] applied = cuda.floats(vector, M);
            float[] gram = cuda.floats(symmetric, M * M);
            for (int row = 0; row < M; row++) {
                float dot = 0;
                for (int k = 0; k < K; k++) {
                    dot += a[row + k * M] * x[k];
                }
                assertThat(applied[row]).isEqualTo(dot);
                for (int column = 0; column < M; column++) {
                    float square = 0;
                    for (int k = 0; k < K; k++) {
                        square += a[row + k * M] * a[column + k * M];
                    }
                    assertThat(gram[row + column * M]).isEqualTo(row >= column ? square : 0);
                }
            }
        }
    }

    @Test
    void factorsAreRoundedToTf32OnlyWhereAsked() {
        float value = 1 + 1f / 4096;
        assertThat(square(value, CUBLAS_DEFAULT_MATH)).isEqualTo(value * value);
        assertThat(square(value, CUBLAS_TF32_TENSOR_OP_MATH)).isEqualTo(1);
    }

    private static float square(float value, int mathMode) {
        try (JCudaSession cuda = JCudaSession.withoutModule();
                Handle handle = new Handle()) {
            CUdeviceptr c = cuda.allocate(4);
            JCublas2.cublasSetMathMode(handle.blas, mathMode);
            JCublas2.cublasGemmEx(
                    handle.blas,
                    CUBLAS_OP_N,
                    CUBLAS_OP_N,
                    1,
                    1,
                    1,
                    ONE,
                    cuda.upload(value),
                    CUDA_R_32F,
                    1,
                    cuda.upload(value),
                    CUDA_R_32F,
                    1,
                    ZERO,
                    c,
                    CUDA_R_32F,
                    1,
                    CUDA_R_32F,
                    cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
            return cuda.floats(c, 1)[0];
        }
    }

    @Test
    void wrongShapesAndShortMatricesAreFound(SimulatedDevice device) {
        try (JCudaSession cuda = JCudaSession.withoutModule();
                Handle handle = new Handle()) {
            CUdeviceptr a = cuda.upload(new float[M * K]);
            CUdeviceptr c = cuda.allocate(4L * M * N);
            assertThat(JCublas2.cublasSgemm(
                            handle.blas, CUBLAS_OP_N, CUBLAS_OP_N, M, N, K, ONE, a, M - 1, a, K, ZERO, c, M))
                    .isEqualTo(CUBLAS_STATUS_INVALID_VALUE);
            assertThat(JCublas2.cublasSgemm(
                            handle.blas, CUBLAS_OP_N, CUBLAS_OP_N, M, N, K, ONE, a, M, a, K, ZERO, c, M))
                    .isEqualTo(CUBLAS_STATUS_SUCCESS);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
            assertThat(device.faults()).contains("lda is too small", "matrix B (3 x 7, leading dimension 3");
        }
    }

    @Test
    void aHandleThatIsNotDestroyedIsALeak(SimulatedDevice device) {
        try (JCudaSession cuda = JCudaSession.withoutModule()) {
            Handle handle = new Handle();
            assertThat(device.leaks()).isEqualTo("1 cuBLAS handles alive\n");
            handle.close();
            assertThat(device.leaks()).isEmpty();
            assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
        }
    }

    private static float[] integers(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(21) - 10;
        }
        return values;
    }

    private static final class Handle implements AutoCloseable {
        private final cublasHandle blas = new cublasHandle();

        Handle() {
            JCublas2.setExceptionsEnabled(false);
            assertThat(JCublas2.cublasCreate(blas)).isEqualTo(CUBLAS_STATUS_SUCCESS);
        }

        @Override
        public void close() {
            JCublas2.cublasDestroy(blas);
        }
    }
}
