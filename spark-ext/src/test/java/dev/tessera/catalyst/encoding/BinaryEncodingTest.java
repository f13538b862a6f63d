package dev.tessera.catalyst.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BinaryEncodingTest {
    private static InputEncoding input(DType stored, TensorType wanted) {
        ColumnDeclaration declaration =
                new ColumnDeclaration(stored, ColumnDeclaration.of(wanted).sizes());
        return ColumnEncodings.input(new ColumnSource("x", DataTypes.BinaryType, declaration), wanted, false);
    }

    private static void assertRead(DType stored, byte[] bytes, HostTensor expected) {
        InputEncoding encoding = input(stored, expected.type());
        assertThat(Reading.read(encoding, CatalystValues.unsafeRow(DataTypes.BinaryType, bytes)))
                .isEqualTo(Reading.of(expected, expected.type()));
        assertThat(Reading.read(encoding, CatalystValues.genericRow(bytes)))
                .isEqualTo(Reading.of(expected, expected.type()));
    }

    @ParameterizedTest
    @EnumSource(names = {"BOOL", "INT32", "INT64", "FLOAT32", "FLOAT64"})
    void littleEndianBytesOfAComputableDTypeAreReadAndWritten(DType dtype) {
        for (long[] sizes : List.of(new long[] {}, new long[] {0}, new long[] {3, 7}, new long[] {2, 0, 3})) {
            HostTensor tensor = CatalystValues.random(dtype, 5, sizes);
            byte[] bytes = tensor.toLittleEndianBytes();
            assertRead(dtype, bytes, tensor);
            long[] batchSizes = new long[sizes.length + 1];
            batchSizes[0] = 1;
            System.arraycopy(sizes, 0, batchSizes, 1, sizes.length);
            ColumnWriter writer = ColumnEncodings.output(tensor.type(), OutputFormat.BINARY, List.of())
                    .openWriter(HostTensor.ownLittleEndian(dtype, batchSizes, bytes));
            assertThat(CatalystValues.writtenRow(writer, 0))
                    .isEqualTo(CatalystValues.unsafeRow(DataTypes.BinaryType, bytes));
            assertThat((byte[]) writer.value(0)).isEqualTo(bytes);
        }
    }

    @Test
    void everyByteIsReadAsUnsignedOrSigned() {
        byte[] bytes = new byte[256];
        int[] unsigned = new int[256];
        int[] signed = new int[256];
        float[] floats = new float[256];
        for (int i = 0; i < 256; i++) {
            bytes[i] = (byte) i;
            unsigned[i] = i;
            signed[i] = i < 128 ? i : i - 256;
            floats[i] = i;
        }
        assertRead(DType.UINT8, bytes, HostTensor.of(unsigned, 16, 16));
        assertRead(DType.UINT8, bytes, HostTensor.of(floats, 16, 16));
        assertRead(DType.INT8, bytes, HostTensor.of(signed));
    }

    @Test
    void int16IsReadLittleEndian() {
        assertRead(
                DType.INT16, new byte[] {1, 0, 0, 1, -1, -1, 0, -128}, HostTensor.of(new int[] {1, 256, -1, -32768}));
    }

    @Test
    void anyByteButZeroIsTrue() {
        assertRead(DType.BOOL, new byte[] {0, 1, 2, -1}, HostTensor.of(new boolean[] {false, true, true, true}));
    }

    /** By the definition of binary16: (-1)^s 2^(e-15) (1 + f/1024), and 2^-14 f/1024 where e is 0. */
    @Test
    void everyFloat16HasItsExactValue() {
        ByteBuffer bytes = ByteBuffer.allocate(2 * 65536).order(ByteOrder.LITTLE_ENDIAN);
        float[] expected = new float[65536];
        for (int bits = 0; bits < 65536; bits++) {
            bytes.putShort((short) bits);
            int exponent = bits >> 10 & 31;
            double fraction = (bits & 1023) / 1024.0;
            double magnitude = exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
            if (exponent == 31) {
                magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            }
            expected[bits] = (float) (bits < 32768 ? magnitude : -magnitude);
        }
        HostTensor read = readFloats(DType.FLOAT16, bytes.array());
        for (int bits = 0; bits < 65536; bits++) {
            float value = (float) read.doubleAt(bits);
            assertThat(Float.floatToIntBits(value)).isEqualTo(Float.floatToIntBits(expected[bits]));
        }
    }

    @Test
    void everyBfloat16IsTheUpperHalfOfAFloat() {
        ByteBuffer bytes = ByteBuffer.allocate(2 * 65536).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 65536; bits++) {
            bytes.putShort((short) bits);
        }
        HostTensor read = readFloats(DType.BFLOAT16, bytes.array());
        for (int bits = 0; bits < 65536; bits++) {
            assertThat(read.storage().getInt(4 * bits)).isEqualTo(bits << 16);
        }
    }

    private static HostTensor readFloats(DType stored, byte[] bytes) {
        ColumnReader reader = input(stored, TensorType.of(DType.FLOAT32, 65536)).openReader();
        reader.locate(CatalystValues.genericRow(bytes), CatalystValues.ORDINAL, new long[1]);
        HostTensor read = HostTensor.zeros(DType.FLOAT32, 65536);
        reader.copyTo(HostMemory.of(read.storage()), 0);
        return read;
    }

    @Test
    void aLengthThatIsNoWholeNumberOfValuesIsBad() {
        ColumnReader reader =
                input(DType.FLOAT32, TensorType.of(DType.FLOAT32, 2)).openReader();
        assertThatThrownBy(() -> reader.locate(CatalystValues.genericRow(new byte[7]), 1, new long[1]))
                .isInstanceOf(BadValueException.class)
                .hasMessage("found 7 bytes, no whole number of float32 values, expected float32[2]");
        assertThatThrownBy(() -> reader.locate(CatalystValues.genericRow(new byte[12]), 1, new long[1]))
                .isInstanceOf(BadValueException.class)
                .hasMessage("found binary of 3 elements, expected float32[2]");
    }
}
