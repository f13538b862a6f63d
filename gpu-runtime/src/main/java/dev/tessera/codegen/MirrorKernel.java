package dev.tessera.codegen;

import dev.tessera.tensor.DType;
import java.util.List;

/**
 * Completes a symmetric matrix of which one triangle is known: {@code y[r, c] = y[c, r]} for {@code c < r}. Squares of 32 x 32
 * pass through shared memory, so that neighbouring threads touch neighbouring elements in both triangles.
 */
public final class MirrorKernel {
    /** The side of the squares. A block takes one, in strides of the grid. */
    public static final int SIDE = 32;

    /** Threads of a block. */
    public static final int THREADS = KernelText.THREADS;

    /** The 64-bit integers that follow the address: rows, and how far apart they are in elements. */
    public static final List<String> SIZES = List.of("size", "stride");

    private MirrorKernel() {}

    /** The name of the kernel. */
    public static String name(DType dtype) {
        return "tessera_mirror_" + dtype.numpyName();
    }

    /** The text for float32 and float64. */
    public static String source(DType dtype) {
        KernelText text = new KernelText(name(dtype), Kernel.IndexWidth.WIDE);
        return text.plain(List.of("T* y"), SIZES, KernelText.type(dtype), BODY);
    }

    private static final String BODY = """
            __shared__ T square[%1$d][%1$d + 1];
            const index_t squares = (size + %1$d - 1) / %1$d;
            const int column = threadIdx.x %% %1$d;
            for (index_t i = blockIdx.x; i < squares * squares; i += gridDim.x) {
                const index_t row0 = i / squares * %1$d;
                const index_t column0 = i %% squares * %1$d;
                if (column0 < row0) {
                    continue;
                }
                for (int j = threadIdx.x / %1$d; j < %1$d; j += %2$d) {
                    const index_t r = row0 + j;
                    const index_t c = column0 + column;
                    if (c < size && r < c) {
                        square[j][column] = y[r * stride + c];
                    }
                }
                __syncthreads();
                for (int j = threadIdx.x / %1$d; j < %1$d; j += %2$d) {
                    const index_t r = column0 + j;
                    const index_t c = row0 + column;
                    if (r < size && c < r) {
                        y[r * stride + c] = square[column][j];
                    }
                }
                __syncthreads();
            }
        """.formatted(SIDE, KernelText.THREADS / SIDE);
}
