package dev.tessera.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorSerializerTest {
    private static byte[] bytes(Consumer<Output> writer) {
        Output output = new Output(1024, -1);
        writer.accept(output);
        return output.toBytes();
    }

    private static HostTensor read(byte[] bytes) {
        return TensorSerializer.read(new WireInput("tensor", bytes, 0, bytes.length));
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void tensorReadsBackEqual(DType dtype) {
        ByteBuffer storage = ByteBuffer.allocate(24 * dtype.widthInBytes());
        for (int i = 0; i < storage.capacity(); i++) {
            storage.put(i, (byte) (dtype == DType.BOOL ? i % 2 : i));
        }
        HostTensor tensor = HostTensor.contiguous(dtype, new long[] {2, 3, 4}, storage);
        HostTensor read = read(bytes(output -> TensorSerializer.write(output, tensor)));

        assertThat(read.type()).isEqualTo(tensor.type());
        assertThat(read.toLittleEndianBytes()).isEqualTo(tensor.toLittleEndianBytes());
    }

    @Test
    void tensorsStayInTheBytesTheyAreReadFromWhereThoseAreAligned() {
        HostTensor tensor = HostTensor.of(new double[] {1, -2, 3});
        for (int shift = 0; shift < 8; shift++) {
            int before = shift;
            byte[] bytes = bytes(output -> {
                output.writeBytes(new byte[before]);
                TensorSerializer.write(output, tensor);
            });
            HostTensor read = TensorSerializer.readInPlace(new WireInput("tensor", bytes, shift, bytes.length - shift));
            assertThat(read.toDoubleArray()).containsExactly(1, -2, 3);
            // A header of 16 bytes, then 1.0, the eighth byte of which is 0x3f; 0xbf makes it -1.
            bytes[shift + 16 + 7] = (byte) 0xbf;
            boolean isInPlace = shift % 4 == 0 && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
            assertThat(read.doubleAt(0)).isEqualTo(isInPlace ? -1 : 1);
        }
    }

    @Test
    void tensorWithGapsIsWrittenWithoutThem() {
        HostTensor all = HostTensor.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2);
        HostTensor everyOther = new HostTensor(DType.INT32, new long[] {2, 2}, all.storage(), 0, 16);

        assertThat(read(bytes(output -> TensorSerializer.write(output, everyOther)))
                        .toLongArray())
                .containsExactly(1, 2, 5, 6);
    }

    @Test
    void scalarsAndEmptyTensorsSurvive() {
        assertThat(read(bytes(output -> TensorSerializer.write(output, HostTensor.scalar(2.5))))
                        .doubleAt(0))
                .isEqualTo(2.5);
        assertThat(read(bytes(output -> TensorSerializer.write(output, HostTensor.zeros(DType.INT64, 3, 0))))
                        .sizes())
                .containsExactly(3, 0);
    }

    @Test
    void sizesThatTheBytesDoNotHoldAreRefusedBeforeTheyAreAllocated() {
        byte[] huge = header(1 << 20, 1 << 8);
        byte[] impossible = header(Long.MAX_VALUE, 2);
        byte[] negative = header(-1);

        assertThat(AllocatedBytes.during(() -> assertThat(refusal(huge).check()).isEqualTo(PlanCheck.COUNT)))
                .isLessThan(1 << 20);
        assertThat(refusal(impossible).check()).isEqualTo(PlanCheck.SHAPE);
        assertThat(refusal(negative).check()).isEqualTo(PlanCheck.SHAPE);
    }

    @Test
    void bytesThatAreNoBoolsAreRefused() {
        byte[] bytes = bytes(output -> {
            output.writeInt(DType.BOOL.wireCode());
            output.writeInt(1);
            output.writeLong(2);
            output.writeByte(1);
            output.writeByte(2);
        });

        assertThat(refusal(bytes)).hasMessageContaining("a bool is 0 or 1, not 2");
    }

    private static byte[] header(long... sizes) {
        return bytes(output -> {
            output.writeInt(DType.FLOAT32.wireCode());
            output.writeInt(sizes.length);
            output.writeLongs(sizes, 0, sizes.length);
        });
    }

    private static PlanFormatException refusal(byte[] bytes) {
        PlanFormatException refusal = catchThrowableOfType(PlanFormatException.class, () -> read(bytes));
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
