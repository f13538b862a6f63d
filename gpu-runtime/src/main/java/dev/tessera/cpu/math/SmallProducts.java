package dev.tessera.cpu.math;

/**
 * Products of many small matrices in heap arrays, {@code C[i] = A[i]*B[i]}: matrix after matrix, each row-major and dense.
 * Every array is longer by {@link #SLACK} elements, which whole vectors may reach into: what they hold is undefined.
 *
 * <p>Each element is a sum in ascending order, so within {@code (inner + 2) u} of the exact one, times the sum of
 * magnitudes. Implementations hold no state; any number of threads may share one.
 */
public interface SmallProducts {
    /** No side may be longer. */
    int LONGEST_SIDE = 64;

    /** Elements past the last matrix: as many as the widest vector of any machine has lanes. */
    int SLACK = 64;

    /** Multiplications of a product up to which a call of a native library takes longer, or about as long. */
    int OWN_WORK = 4 * 4 * 4;

    /** The sizes of one product: {@code rows} x {@code inner} times {@code inner} x {@code columns}, none of them 0. */
    record Shape(int rows, int inner, int columns) {
        public Shape {
            requireSize("rows", rows);
            requireSize("inner", inner);
            requireSize("columns", columns);
        }

        /** Whether products of these sizes are small. */
        public static boolean isSmall(int rows, int inner, int columns) {
            return isSize(rows) && isSize(inner) && isSize(columns);
        }

        private static boolean isSize(int size) {
            return size > 0 && size <= LONGEST_SIDE;
        }

        private static void requireSize(String name, int size) {
            if (!isSize(size)) {
                throw new IllegalArgumentException(
                        "Cannot multiply small matrices with %s = %d: it must be within 1..%d"
                                .formatted(name, size, LONGEST_SIDE));
            }
        }

        /** How many multiplications it takes. */
        public int work() {
            return rows * inner * columns;
        }

        public int elementsOfA() {
            return rows * inner;
        }

        public int elementsOfB() {
            return inner * columns;
        }

        public int elementsOfC() {
            return rows * columns;
        }
    }

    /** Multiplies the first {@code count} pairs. */
    void multiply(Shape shape, int count, float[] a, float[] b, float[] c);

    /** Multiplies the first {@code count} pairs. */
    void multiply(Shape shape, int count, double[] a, double[] b, double[] c);

    /** Whether one call of a native library for each product of this shape would be slower. */
    boolean outrunsLibrary(Shape shape);
}
