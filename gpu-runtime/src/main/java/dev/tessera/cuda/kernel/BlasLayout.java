package dev.tessera.cuda.kernel;

import java.util.Optional;

/** How cuBLAS, which reads columns, sees a matrix of rows and columns with strides of their own. */
record BlasLayout(boolean isRowMajor, int leadingDimension) {
    /** The layout of a matrix that has gaps between its rows or between its columns, not both; else none. */
    static Optional<BlasLayout> of(long rows, long columns, long rowStride, long columnStride) {
        boolean hasAdjacentColumns = columnStride == 1 || columns <= 1;
        if (hasAdjacentColumns && (rowStride >= columns || rows <= 1)) {
            return fitting(true, rows <= 1 ? columns : rowStride);
        }
        boolean hasAdjacentRows = rowStride == 1 || rows <= 1;
        if (hasAdjacentRows && (columnStride >= rows || columns <= 1)) {
            return fitting(false, columns <= 1 ? rows : columnStride);
        }
        return Optional.empty();
    }

    private static Optional<BlasLayout> fitting(boolean isRowMajor, long distance) {
        return distance > Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.of(new BlasLayout(isRowMajor, (int) Math.max(1, distance)));
    }
}
