package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.jspecify.annotations.Nullable;

/**
 * An {@code array<T>} of primitives read as a tensor in row-major order. All sizes are known but at most one, which the
 * length decides.
 */
final class FlatArrayInput implements InputEncoding {
    private final TensorType type;
    private final PrimitiveColumn element;
    private final boolean isBulk;
    private final int unknownAxis;
    private final long knownCount;

    /** The sizes of {@code type} that are not known are taken from the length; at most one of them. */
    FlatArrayInput(TensorType type, PrimitiveColumn element) {
        this.type = type;
        this.element = element;
        this.isBulk = element.dtype() == type.dtype()
                && element.widthInBytes() == type.dtype().widthInBytes();
        int unknown = -1;
        long known = 1;
        for (int axis = 0; axis < type.rank(); axis++) {
            if (type.shape().dim(axis).isKnown()) {
                known = Math.multiplyExact(known, type.shape().dim(axis).size());
            } else if (unknown < 0) {
                unknown = axis;
            } else {
                throw new IllegalArgumentException("Two unknown dims in " + type);
            }
        }
        this.unknownAxis = unknown;
        this.knownCount = known;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public OutputFormat format() {
        return type.rank() > 1 ? OutputFormat.FLAT : OutputFormat.NESTED;
    }

    @Override
    public ColumnReader openReader() {
        return new Reader();
    }

    private final class Reader implements ColumnReader {
        private final UnsafeArrayData view = new UnsafeArrayData();
        private @Nullable ArrayData located;
        private int count;

        @Override
        public void locate(SpecializedGetters row, int ordinal, long[] sizes) {
            located = arrayAt(row, ordinal);
            count = located.numElements();
            resolveSizes(sizes);
            if (hasNull(located)) {
                throw new BadValueException("an array of %d with a null in it".formatted(count), type.toString());
            }
        }

        /** The array of a row; for an unsafe row without an allocation. */
        private ArrayData arrayAt(SpecializedGetters row, int ordinal) {
            if (row instanceof UnsafeRow unsafe) {
                long offsetAndSize = unsafe.getLong(ordinal);
                view.pointTo(
                        unsafe.getBaseObject(), unsafe.getBaseOffset() + (offsetAndSize >> 32), (int) offsetAndSize);
                return view;
            }
            return row.getArray(ordinal);
        }

        private void resolveSizes(long[] sizes) {
            boolean fits =
                    unknownAxis < 0 ? count == knownCount : knownCount == 0 ? count == 0 : count % knownCount == 0;
            if (!fits) {
                throw new BadValueException("an array of %d elements".formatted(count), type.toString());
            }
            for (int axis = 0; axis < sizes.length; axis++) {
                sizes[axis] = axis == unknownAxis
                        ? (knownCount == 0 ? 0 : count / knownCount)
                        : type.shape().dim(axis).size();
            }
        }

        @Override
        public void copyTo(HostMemory target, int position) {
            ArrayData array = located;
            if (array == null) {
                throw new IllegalStateException("No value was located");
            }
            if (isBulk && array instanceof UnsafeArrayData unsafe) {
                target.copyFrom(
                        unsafe.getBaseObject(),
                        unsafe.getBaseOffset() + UnsafeArrayData.calculateHeaderPortionInBytes(count),
                        position,
                        count * element.widthInBytes());
            } else {
                Elements.copy(array, count, element, type.dtype(), target, position);
            }
        }
    }

    /** Whether an element is null: by whole words of the null bits where there are any. */
    static boolean hasNull(ArrayData array) {
        int count = array.numElements();
        if (array instanceof UnsafeArrayData unsafe) {
            return NullBits.anySet(unsafe.getBaseObject(), unsafe.getBaseOffset() + NullBits.ARRAY_OFFSET, count);
        }
        for (int i = 0; i < count; i++) {
            if (array.isNullAt(i)) {
                return true;
            }
        }
        return false;
    }
}
