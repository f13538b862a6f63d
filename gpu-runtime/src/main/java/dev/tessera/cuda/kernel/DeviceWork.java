package dev.tessera.cuda.kernel;

import dev.tessera.codegen.Kernel;
import dev.tessera.tensor.DType;
import java.util.List;

/** What is put on a stream for a step whose sizes are known; only the addresses of slots are missing. */
public sealed interface DeviceWork permits DeviceWork.Launch, DeviceWork.Product {
    /** The kind of the step that this is of, as receipts count it. */
    String kind();

    /**
     * A launch of a kernel.
     *
     * @param kind the kind of the step
     * @param kernel what is launched
     * @param blocks how many blocks of it
     * @param arguments one for each argument of the kernel
     */
    record Launch(String kind, Kernel kernel, int blocks, List<Value> arguments) implements DeviceWork {
        public Launch {
            arguments = List.copyOf(arguments);
        }
    }

    /** An argument of a kernel: an address, if {@code slot} is one, {@code offset} bytes into the slot, else the number. */
    record Value(int slot, long offset) {
        /** No slot: a number. */
        public static final int NUMBER = -1;

        /** No slot of the plan: the status of rows. */
        public static final int ROW_STATUS = -2;
    }

    /**
     * A batch of matrix products, {@code out = a @ b}, all of one shape.
     *
     * @param dtype that of all three
     * @param count how many products there are
     * @param shape rows, columns and inner elements of each
     */
    record Product(String kind, DType dtype, long count, ProductShape shape, Matrix a, Matrix b, Matrix out)
            implements DeviceWork {
        /** Whether b is the transpose of a. */
        boolean isSymmetric() {
            return a.slot() == b.slot()
                    && a.offset() == b.offset()
                    && a.rowStride() == b.columnStride()
                    && a.columnStride() == b.rowStride()
                    && shape.rows() == shape.columns();
        }
    }

    /** Rows, columns, and how many elements each is a sum over. */
    record ProductShape(long rows, long columns, long inner) {}

    /** Where matrices lie: {@code offset} bytes into a slot, and strides in elements from one to the next. */
    record Matrix(int slot, long offset, long stride, long rowStride, long columnStride) {}
}
