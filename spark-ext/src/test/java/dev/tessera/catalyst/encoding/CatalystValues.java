package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.Random;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Tensors as Spark itself would hold them, made without the code under test. */
final class CatalystValues {
    /** The field of the rows made here that holds the value; another field stands on each side. */
    static final int ORDINAL = 1;

    private CatalystValues() {}

    static HostTensor random(DType dtype, long seed, long... sizes) {
        HostTensor tensor = HostTensor.zeros(dtype, sizes);
        Random random = new Random(seed);
        for (int i = 0; i < tensor.elementCount(); i++) {
            switch (dtype) {
                case BOOL -> tensor.setLong(i, random.nextInt(2));
                case INT32, INT64 -> tensor.setLong(i, random.nextLong());
                default -> tensor.setDouble(i, special(random));
            }
        }
        return tensor;
    }

    private static double special(Random random) {
        double[] specials = {Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Float.MIN_VALUE};
        return random.nextInt(8) == 0 ? specials[random.nextInt(4)] : random.nextGaussian();
    }

    /** Nested generic arrays; a boxed primitive for a scalar. */
    static Object nested(HostTensor tensor) {
        return nested(tensor, 0, 0);
    }

    private static Object nested(HostTensor tensor, int axis, long first) {
        if (axis == tensor.rank()) {
            return boxed(tensor, first);
        }
        long inner = 1;
        for (int below = axis + 1; below < tensor.rank(); below++) {
            inner *= tensor.size(below);
        }
        Object[] elements = new Object[(int) tensor.size(axis)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = nested(tensor, axis + 1, first + i * inner);
        }
        return new GenericArrayData(elements);
    }

    private static Object boxed(HostTensor tensor, long index) {
        return switch (tensor.dtype()) {
            case BOOL -> tensor.longAt(index) != 0;
            case INT32 -> (int) tensor.longAt(index);
            case INT64 -> tensor.longAt(index);
            case FLOAT32 -> (float) tensor.doubleAt(index);
            default -> tensor.doubleAt(index);
        };
    }

    static InternalRow genericRow(Object value) {
        return new GenericInternalRow(new Object[] {7L, value, 8L});
    }

    static StructType schema(DataType type) {
        return new StructType().add("before", "bigint").add("value", type).add("after", "bigint");
    }

    /** The row as Spark's own generated projection writes it. */
    static UnsafeRow unsafeRow(DataType type, Object value) {
        return UnsafeProjection.create(schema(type)).apply(genericRow(value)).copy();
    }

    /** The row as a writer writes it. */
    static UnsafeRow writtenRow(ColumnWriter writer, int row) {
        UnsafeRowWriter target = new UnsafeRowWriter(3, 16);
        target.reset();
        target.zeroOutNullBytes();
        target.write(0, 7L);
        writer.write(row, target, ORDINAL);
        target.write(2, 8L);
        return target.getRow().copy();
    }
}
