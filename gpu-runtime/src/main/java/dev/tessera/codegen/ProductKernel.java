package dev.tessera.codegen;

import dev.tessera.tensor.DType;
import java.util.List;

/**
 * Matrix products without cuBLAS: a block of 256 threads computes a tile of 64 x 64 elements, a thread 4 x 4 of them.
 *
 * <p>One text for each dtype serves every shape and every layout, so that it can be compiled before there is a plan. Not a
 * {@link Kernel}, as its arguments are no expressions of a plan.
 */
public final class ProductKernel {
    /** The side of the square of results that one block computes. */
    public static final int TILE = 64;

    /** Threads of a block. */
    public static final int THREADS = KernelText.THREADS;

    /**
     * The 64-bit integers that follow the addresses of a, b and out: how many products, rows, columns and inner elements;
     * then for each of a, b and out how far apart, in elements, products, rows and columns are. A block's index is product,
     * row of tiles and column of tiles, the last fastest, in strides of the grid.
     */
    public static final List<String> SIZES =
            List.of("products", "rows", "columns", "inner", "ap", "ar", "ac", "bp", "br", "bc", "yp", "yr", "yc");

    private static final int DEPTH = 16;

    private ProductKernel() {}

    /** The name of the kernel. */
    public static String name(DType dtype) {
        return "tessera_product_" + dtype.numpyName();
    }

    /** {@code out = a @ b} for float32, float64, int32 and int64. */
    public static String source(DType dtype) {
        KernelText text = new KernelText(name(dtype), Kernel.IndexWidth.WIDE);
        return text.plain(
                List.of("const T* __restrict__ a", "const T* __restrict__ b", "T* y"),
                SIZES,
                KernelText.type(dtype),
                BODY);
    }

    private static final String BODY = """
            __shared__ T as[%1$d][%2$d + 1];
            __shared__ T bs[%1$d][%2$d + 1];
            const index_t row_tiles = (rows + %2$d - 1) / %2$d;
            const index_t column_tiles = (columns + %2$d - 1) / %2$d;
            const index_t tiles = products * row_tiles * column_tiles;
            const int tx = threadIdx.x %% 16;
            const int ty = threadIdx.x / 16;
            for (index_t tile = blockIdx.x; tile < tiles; tile += gridDim.x) {
                const index_t column0 = tile %% column_tiles * %2$d;
                const index_t row0 = tile / column_tiles %% row_tiles * %2$d;
                const index_t product = tile / column_tiles / row_tiles;
                T sums[4][4] = {};
                for (index_t k0 = 0; k0 < inner; k0 += %1$d) {
                    for (int e = threadIdx.x; e < %1$d * %2$d; e += %3$d) {
                        const index_t row = row0 + e / %1$d;
                        const index_t ka = k0 + e %% %1$d;
                        const bool is_a = row < rows && ka < inner;
                        as[e %% %1$d][e / %1$d] = is_a ? a[product * ap + row * ar + ka * ac] : 0;
                        const index_t kb = k0 + e / %2$d;
                        const index_t column = column0 + e %% %2$d;
                        const bool is_b = kb < inner && column < columns;
                        bs[e / %2$d][e %% %2$d] = is_b ? b[product * bp + kb * br + column * bc] : 0;
                    }
                    __syncthreads();
        #pragma unroll
                    for (int k = 0; k < %1$d; k++) {
                        T left[4], right[4];
        #pragma unroll
                        for (int j = 0; j < 4; j++) {
                            left[j] = as[k][ty + 16 * j];
                            right[j] = bs[k][tx + 16 * j];
                        }
        #pragma unroll
                        for (int r = 0; r < 4; r++) {
        #pragma unroll
                            for (int c = 0; c < 4; c++) {
                                sums[r][c] = op_add(sums[r][c], op_multiply(left[r], right[c]));
                            }
                        }
                    }
                    __syncthreads();
                }
                for (int r = 0; r < 4; r++) {
                    for (int c = 0; c < 4; c++) {
                        const index_t row = row0 + ty + 16 * r;
                        const index_t column = column0 + tx + 16 * c;
                        if (row < rows && column < columns) {
                            y[product * yp + row * yr + column * yc] = sums[r][c];
                        }
                    }
                }
            }
        """.formatted(DEPTH, TILE, KernelText.THREADS);
}
