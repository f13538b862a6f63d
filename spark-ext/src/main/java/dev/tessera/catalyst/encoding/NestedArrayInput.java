package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.TensorType;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of arrays of primitives, one level for each axis, two levels or more. The sizes below an empty axis are those of
 * the type where it knows them, else 0.
 */
final class NestedArrayInput implements InputEncoding {
    private final TensorType type;
    private final DataType dataType;
    private final PrimitiveColumn element;
    private final long[] knownSizes;

    /** {@code knownSizes} holds {@link ColumnDeclaration#UNKNOWN} where a row decides. */
    NestedArrayInput(TensorType type, DataType dataType, PrimitiveColumn element, long[] knownSizes) {
        this.type = type;
        this.dataType = dataType;
        this.element = element;
        this.knownSizes = knownSizes.clone();
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public DataType dataType() {
        return dataType;
    }

    @Override
    public OutputFormat format() {
        return OutputFormat.NESTED;
    }

    @Override
    public ColumnReader openReader() {
        return new Reader();
    }

    /** Walks unsafe arrays by address, others through their methods. The depth of the recursion is the rank. */
    private final class Reader implements ColumnReader {
        private static final long UNSEEN = -1;

        private final UnsafeArrayData view = new UnsafeArrayData();
        private final int lastAxis = type.rank() - 1;
        private final ElementCopy copy = ElementCopy.ofArray(element, type.dtype());
        private final int width = type.dtype().widthInBytes();
        private final long[] found = new long[type.rank()];
        private @Nullable ArrayData located;

        @Override
        public void locate(SpecializedGetters row, int ordinal, long[] sizes) {
            ArrayData array = RowViews.arrayAt(row, ordinal, view);
            located = array;
            Arrays.fill(found, UNSEEN);
            measure(array, 0);
            for (int axis = 0; axis <= lastAxis; axis++) {
                long known = knownSizes[axis];
                if (found[axis] == UNSEEN) {
                    found[axis] = known == ColumnDeclaration.UNKNOWN ? 0 : known;
                } else if (known != ColumnDeclaration.UNKNOWN && known != found[axis]) {
                    throw new BadValueException("an array of shape " + seenSizes(), type.toString());
                }
                sizes[axis] = found[axis];
            }
        }

        private String seenSizes() {
            return Arrays.toString(
                    Arrays.stream(found).filter(size -> size >= 0).toArray());
        }

        private void measure(ArrayData array, int axis) {
            if (array instanceof UnsafeArrayData unsafe) {
                measure(unsafe.getBaseObject(), unsafe.getBaseOffset(), axis);
                return;
            }
            int count = array.numElements();
            checkLevel(axis, count, RowViews.hasNull(array));
            for (int i = 0; axis < lastAxis && i < count; i++) {
                measure(array.getArray(i), axis + 1);
            }
        }

        private void measure(@Nullable Object base, long offset, int axis) {
            int count = (int) Platform.getLong(base, offset);
            checkLevel(axis, count, RowViews.hasNull(base, offset, count));
            if (axis < lastAxis) {
                long fields = offset + UnsafeArrayData.calculateHeaderPortionInBytes(count);
                for (int i = 0; i < count; i++) {
                    measure(base, offset + (Platform.getLong(base, fields + 8L * i) >> 32), axis + 1);
                }
            }
        }

        private void checkLevel(int axis, int count, boolean hasNull) {
            if (hasNull) {
                throw new BadValueException(
                        "an array of %d with a null in it along axis %d".formatted(count, axis), type.toString());
            }
            if (found[axis] == UNSEEN) {
                found[axis] = count;
            } else if (found[axis] != count) {
                throw new BadValueException(
                        "ragged arrays: of %d and of %d along axis %d".formatted(found[axis], count, axis),
                        type.toString());
            }
        }

        @Override
        public void copyTo(HostMemory target, int position) {
            if (located == null) {
                throw new IllegalStateException("No value was located");
            }
            if (located instanceof UnsafeArrayData unsafe) {
                copy.start(target, position);
                add(unsafe.getBaseObject(), unsafe.getBaseOffset(), 0);
                copy.finish();
            } else {
                copy(located, 0, target, position);
            }
        }

        /** Copies what lies below, and returns the position after it. */
        private int copy(ArrayData array, int axis, HostMemory target, int position) {
            int count = (int) found[axis];
            if (axis == lastAxis) {
                copy.copy(array, count, target, position);
                return position + count * width;
            }
            int at = position;
            for (int i = 0; i < count; i++) {
                at = copy(array.getArray(i), axis + 1, target, at);
            }
            return at;
        }

        private void add(@Nullable Object base, long offset, int axis) {
            int count = (int) found[axis];
            long values = offset + UnsafeArrayData.calculateHeaderPortionInBytes(count);
            if (axis == lastAxis) {
                copy.add(base, values, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                add(base, offset + (Platform.getLong(base, values + 8L * i) >> 32), axis + 1);
            }
        }
    }
}
