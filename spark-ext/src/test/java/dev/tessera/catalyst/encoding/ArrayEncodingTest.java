package dev.tessera.catalyst.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scalars and arrays, against rows that Spark's own projections make. */
class ArrayEncodingTest {
    private static final List<DType> DTYPES =
            List.of(DType.BOOL, DType.INT32, DType.INT64, DType.FLOAT32, DType.FLOAT64);

    static Stream<HostTensor> tensors() {
        List<long[]> shapes = List.of(
                new long[] {},
                new long[] {0},
                new long[] {1},
                new long[] {63},
                new long[] {65},
                new long[] {3, 5},
                new long[] {0, 4},
                new long[] {4, 0},
                new long[] {2, 3, 4},
                new long[] {2, 0, 3},
                new long[] {1, 2, 1, 3},
                new long[] {2, 1, 2, 1, 2},
                new long[] {2, 1, 2, 1, 3, 2},
                new long[] {70, 1, 1, 1, 1, 1});
        return shapes.stream().flatMap(shape -> DTYPES.stream().map(dtype -> CatalystValues.random(dtype, 17, shape)));
    }

    private static TensorType unknown(HostTensor tensor) {
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < tensor.rank(); axis++) {
            dims.add(Dim.named("n" + axis));
        }
        return new TensorType(tensor.dtype(), new Shape(dims));
    }

    private static DataType dataType(HostTensor tensor, OutputFormat format) {
        return ColumnEncodings.output(tensor.type(), format, List.of()).dataType();
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void nestedArraysAreReadFromEveryKindOfRow(HostTensor tensor) {
        DataType type = dataType(tensor, OutputFormat.NESTED);
        Object value = CatalystValues.nested(tensor);
        InternalRow generic = CatalystValues.genericRow(value);
        InternalRow unsafe = CatalystValues.unsafeRow(type, value);
        InternalRow mixed = tensor.rank() == 0 ? generic : CatalystValues.genericRow(unsafe.getArray(1));
        ColumnSource source = new ColumnSource("x", type, null);
        for (TensorType wanted : List.of(tensor.type(), unknown(tensor))) {
            InputEncoding encoding = ColumnEncodings.input(source, wanted, false);
            for (InternalRow row : List.of(generic, unsafe, mixed)) {
                assertThat(Reading.read(encoding, row)).isEqualTo(Reading.of(tensor, wanted));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void flatArraysAreReadIntoTheDeclaredShape(HostTensor tensor) {
        if (tensor.rank() == 0) {
            return;
        }
        HostTensor flat = tensor.reshape(tensor.elementCount());
        DataType type = dataType(flat, OutputFormat.FLAT);
        Object value = CatalystValues.nested(flat);
        ColumnDeclaration declaration = ColumnDeclaration.of(tensor.type());
        for (ColumnSource source :
                List.of(new ColumnSource("x", type, null), new ColumnSource("x", type, declaration))) {
            InputEncoding encoding = ColumnEncodings.input(source, tensor.type(), false);
            assertThat(Reading.read(encoding, CatalystValues.genericRow(value)))
                    .isEqualTo(Reading.of(tensor, tensor.type()));
            assertThat(Reading.read(encoding, CatalystValues.unsafeRow(type, value)))
                    .isEqualTo(Reading.of(tensor, tensor.type()));
        }
        ColumnSource declared = new ColumnSource("x", type, declaration);
        InputEncoding open = ColumnEncodings.input(declared, unknown(tensor), false);
        assertThat(Reading.read(open, CatalystValues.unsafeRow(type, value)))
                .isEqualTo(Reading.of(tensor, tensor.type()));
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void outputsAreByteForByteWhatSparkWrites(HostTensor tensor) {
        for (OutputFormat format : List.of(OutputFormat.NESTED, OutputFormat.FLAT)) {
            OutputEncoding encoding = ColumnEncodings.output(tensor.type(), format, List.of());
            boolean isFlat = format == OutputFormat.FLAT && tensor.rank() > 0;
            Object expected = CatalystValues.nested(isFlat ? tensor.reshape(tensor.elementCount()) : tensor);
            InternalRow row = CatalystValues.unsafeRow(encoding.dataType(), expected);
            for (HostTensor batch : batches(tensor)) {
                ColumnWriter writer = encoding.openWriter(batch);
                for (int i = 0; i < batch.size(0); i++) {
                    assertThat(CatalystValues.writtenRow(writer, i)).isEqualTo(row);
                    Object held = writer.value(i);
                    assertThat(CatalystValues.unsafeRow(encoding.dataType(), held))
                            .isEqualTo(row);
                }
            }
        }
    }

    /** The tensor as two rows of a batch: contiguous, with gaps between rows, and as one row that is there for all. */
    private static List<HostTensor> batches(HostTensor tensor) {
        byte[] row = tensor.toLittleEndianBytes();
        long[] sizes = new long[tensor.rank() + 1];
        sizes[0] = 2;
        System.arraycopy(tensor.sizes(), 0, sizes, 1, tensor.rank());
        List<HostTensor> batches = new ArrayList<>();
        for (int stride : new int[] {row.length, row.length + 12, 0}) {
            ByteBuffer heap = ByteBuffer.allocate(4 + stride + row.length);
            ByteBuffer direct = ByteBuffer.allocateDirect(4 + stride + row.length);
            for (ByteBuffer storage : List.of(heap, direct)) {
                storage.put(4, row);
                storage.put(4 + stride, row);
                batches.add(new HostTensor(tensor.dtype(), sizes, storage, 4, stride));
            }
            batches.add(new HostTensor(tensor.dtype(), sizes, heap.asReadOnlyBuffer(), 4, stride));
        }
        return batches;
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void rowsOutsideTheHeapAreRead(HostTensor tensor) {
        DataType type = dataType(tensor, OutputFormat.NESTED);
        UnsafeRow row = CatalystValues.unsafeRow(type, CatalystValues.nested(tensor));
        int sizeInBytes = row.getSizeInBytes();
        long address = Platform.allocateMemory(sizeInBytes);
        try {
            Platform.copyMemory(row.getBaseObject(), row.getBaseOffset(), null, address, sizeInBytes);
            UnsafeRow outside = new UnsafeRow(row.numFields());
            outside.pointTo(null, address, sizeInBytes);
            InputEncoding encoding = ColumnEncodings.input(new ColumnSource("x", type, null), tensor.type(), false);
            assertThat(Reading.read(encoding, outside)).isEqualTo(Reading.of(tensor, tensor.type()));
        } finally {
            Platform.freeMemory(address);
        }
    }

    @Test
    void sizesBelowAnEmptyAxisAreThoseOfTheTypeOrZero() {
        HostTensor empty = HostTensor.zeros(DType.FLOAT32, 0, 5);
        DataType type = dataType(empty, OutputFormat.NESTED);
        InternalRow row = CatalystValues.unsafeRow(type, CatalystValues.nested(empty));
        ColumnSource source = new ColumnSource("x", type, null);
        TensorType known = new TensorType(DType.FLOAT32, Shape.of(Dim.named("n"), Dim.of(5)));
        assertThat(Reading.read(ColumnEncodings.input(source, known, false), row)
                        .sizes())
                .containsExactly(0L, 5L);
        assertThat(Reading.read(ColumnEncodings.input(source, unknown(empty), false), row)
                        .sizes())
                .containsExactly(0L, 0L);
    }

    @Test
    void byteAndShortAreWidened() {
        for (String type : List.of("tinyint", "smallint")) {
            for (DType wanted : List.of(DType.INT32, DType.INT64, DType.FLOAT32, DType.FLOAT64)) {
                Object[] values = type.equals("tinyint")
                        ? new Object[] {(byte) -128, (byte) 127}
                        : new Object[] {(short) -128, (short) 127};
                HostTensor expected = HostTensor.zeros(wanted, 2);
                expected.setLong(0, -128);
                expected.setLong(1, 127);
                DataType array = DataType.fromDDL("array<" + type + ">");
                Object value = new org.apache.spark.sql.catalyst.util.GenericArrayData(values);
                InputEncoding encoding =
                        ColumnEncodings.input(new ColumnSource("x", array, null), expected.type(), false);
                assertThat(Reading.read(encoding, CatalystValues.unsafeRow(array, value)))
                        .isEqualTo(Reading.of(expected, expected.type()));
            }
        }
    }

    @Test
    void valuesAreConvertedWhereTheExpressionWantsAnotherDType() {
        HostTensor matrix = HostTensor.of(new double[] {1.5, -2.25, 1e300, 0.1, Double.NaN, -0.0}, 2, 3);
        HostTensor expected =
                HostTensor.of(new float[] {1.5f, -2.25f, Float.POSITIVE_INFINITY, 0.1f, Float.NaN, -0f}, 2, 3);
        DataType type = dataType(matrix, OutputFormat.NESTED);
        InputEncoding encoding = ColumnEncodings.input(new ColumnSource("x", type, null), expected.type(), true);
        Object value = CatalystValues.nested(matrix);
        for (InternalRow row : Arrays.asList(CatalystValues.genericRow(value), CatalystValues.unsafeRow(type, value))) {
            assertThat(Reading.read(encoding, row)).isEqualTo(Reading.of(expected, expected.type()));
        }
    }
}
