package dev.tessera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTensorTest {
    /** Three rows of two float32, each after a header of 8 bytes, 4 bytes into the storage. */
    private static HostTensor rowsWithHeaders(boolean isDirect) {
        ByteBuffer storage =
                (isDirect ? ByteBuffer.allocateDirect(52) : ByteBuffer.allocate(52)).order(ByteOrder.nativeOrder());
        for (int row = 0; row < 3; row++) {
            storage.putFloat(4 + row * 16 + 8, 10 * row + 1).putFloat(4 + row * 16 + 12, 10 * row + 2);
        }
        return new HostTensor(DType.FLOAT32, new long[] {3, 2}, storage, 12, 16);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void viewOfForeignRowsReadsThroughItsStride(boolean isDirect) {
        HostTensor rows = rowsWithHeaders(isDirect);

        assertThat(rows.toFloatArray()).containsExactly(1, 2, 11, 12, 21, 22);
        assertThat(rows.isContiguous()).isFalse();
        assertThat(rows.sizeInBytes()).isEqualTo(24);
        assertThat(rows.leadingStrideInBytes()).isEqualTo(16);
        assertThat(rows.bytePosition(3)).isEqualTo(12 + 16 + 4);
        assertThat(rows.row(2).toFloatArray()).containsExactly(21, 22);
        assertThat(rows.row(2).row(1).doubleAt(0)).isEqualTo(22);
        assertThat(rows).hasToString("float32[3, 2]");
    }

    @Test
    void viewsShareTheirStorage() {
        HostTensor rows = rowsWithHeaders(false);
        rows.row(1).setDouble(0, 99);

        assertThat(rows.doubleAt(2)).isEqualTo(99);
    }

    @Test
    void positionAndLimitAndOrderOfTheStorageDoNotMatter() {
        ByteBuffer storage = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN);
        storage.position(4).limit(5);
        HostTensor tensor = HostTensor.contiguous(DType.INT32, new long[] {2}, storage);
        tensor.setLong(1, 7);

        assertThat(tensor.toLongArray()).containsExactly(0, 7);
        assertThat(storage.duplicate().clear().order(ByteOrder.nativeOrder()).getInt(4))
                .isEqualTo(7);
    }

    @Test
    void bytesAreLittleEndianWhateverTheStride() {
        List<Integer> lengths = new ArrayList<>();
        rowsWithHeaders(true).forEachLittleEndianChunk(chunk -> lengths.add(chunk.remaining()));
        byte[] expected = ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(2)
                .putFloat(11)
                .putFloat(12)
                .putFloat(21)
                .putFloat(22)
                .array();

        assertThat(rowsWithHeaders(true).toLittleEndianBytes()).isEqualTo(expected);
        assertThat(lengths).containsExactly(8, 8, 8);
        assertThat(HostTensor.ownLittleEndian(DType.FLOAT32, new long[] {3, 2}, expected)
                        .toFloatArray())
                .containsExactly(1, 2, 11, 12, 21, 22);
        assertThat(HostTensor.zeros(DType.INT64, 4, 0).toLittleEndianBytes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void reorderingTurnsEveryElementRound(int width) {
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8};
        ByteBuffer reordered = HostTensor.reordered(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), width, ByteOrder.BIG_ENDIAN);

        for (int i = 0; i < bytes.length; i++) {
            int mirrored = i / width * width + width - 1 - i % width;
            assertThat(reordered.get(i)).isEqualTo(bytes[mirrored]);
        }
    }

    @Test
    void viewsThatLeaveTheirStorageAreRefused() {
        ByteBuffer storage = ByteBuffer.allocate(40);

        assertThat(new HostTensor(DType.FLOAT64, new long[] {3, 1}, storage, 8, 12).elementCount())
                .isEqualTo(3);
        assertThatThrownBy(() -> new HostTensor(DType.FLOAT64, new long[] {3, 1}, storage, 12, 12))
                .hasMessageContaining("leave a storage of 40 bytes");
        assertThatThrownBy(() -> new HostTensor(DType.FLOAT32, new long[] {1}, storage, -4, 4))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HostTensor(DType.FLOAT32, new long[] {2}, storage, 8, -4))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HostTensor(DType.FLOAT32, new long[] {1L << 62}, storage, 0, 4))
                .hasMessageContaining("overflows");
        assertThatThrownBy(() -> new HostTensor(DType.FLOAT32, new long[] {2, -1}, storage, 0, 4))
                .hasMessageContaining("axis 1 is negative");
    }

    @Test
    void emptyTensorsTouchNoStorage() {
        ByteBuffer none = ByteBuffer.allocate(0);

        assertThat(new HostTensor(DType.FLOAT32, new long[] {0, 3}, none, 0, 12).elementCount())
                .isZero();
        assertThat(new HostTensor(DType.FLOAT32, new long[] {5, 0}, none, 0, 0).toFloatArray())
                .isEmpty();
        assertThat(HostTensor.of(new float[0]).sizes()).containsExactly(0);
    }

    @Test
    void oneRowIsContiguousWhateverItsStride() {
        ByteBuffer storage = ByteBuffer.allocate(64);

        assertThat(new HostTensor(DType.FLOAT32, new long[] {1, 4}, storage, 0, 0).isContiguous())
                .isTrue();
        assertThat(new HostTensor(DType.FLOAT32, new long[] {1, 4}, storage, 8, 40)
                        .reshape(2, 2)
                        .sizes())
                .containsExactly(2, 2);
        assertThat(new HostTensor(DType.FLOAT32, new long[] {2, 4}, storage, 0, 0).isContiguous())
                .isFalse();
    }

    @Test
    void strideOfZeroRepeatsOneRow() {
        HostTensor one = HostTensor.of(new int[] {1, 2});
        HostTensor repeated = new HostTensor(DType.INT32, new long[] {3, 2}, one.storage(), 0, 0);

        assertThat(repeated.toLongArray()).containsExactly(1, 2, 1, 2, 1, 2);
        assertThat(repeated.toLittleEndianBytes()).hasSize(24);
    }

    @Test
    void reshapesKeepElementsInRowMajorOrder() {
        HostTensor matrix = HostTensor.of(new long[] {1, 2, 3, 4, 5, 6}, 2, 3);

        assertThat(matrix.reshape(3, 2).row(1).toLongArray()).containsExactly(3, 4);
        assertThatThrownBy(() -> matrix.reshape(4)).hasMessageContaining("Cannot view int64[2, 3] as [4]");
        assertThatThrownBy(() -> rowsWithHeaders(false).reshape(6)).hasMessageContaining("not contiguous");
    }

    @Test
    void rowsOutOfRangeAreRefused() {
        HostTensor vector = HostTensor.of(new double[] {1});

        assertThatThrownBy(() -> vector.row(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> vector.row(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> vector.row(0).row(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void sizesThatNoTensorHasAreRefusedBeforeTheyAreAllocated() {
        assertThatThrownBy(() -> HostTensor.zeros(DType.FLOAT64, 1L << 28, 8))
                .hasMessageContaining("at most 2147483632");
        assertThatThrownBy(() -> HostTensor.zeros(DType.FLOAT64, 1L << 40, 1L << 40))
                .hasMessageContaining("at most");
        assertThatThrownBy(() -> HostTensor.of(new float[3], 2, 2)).hasMessageContaining("Cannot shape 3 float32");
        assertThatThrownBy(() -> HostTensor.ownLittleEndian(DType.INT32, new long[] {2}, new byte[4]))
                .hasMessageContaining("Cannot shape 4 bytes");
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"INT32", "INT64", "FLOAT32", "FLOAT64"})
    void numbersReadBackAsStored(DType dtype) {
        HostTensor tensor = HostTensor.zeros(dtype, 2);
        tensor.setDouble(0, -3);
        tensor.setLong(1, 5);

        assertThat(tensor.toDoubleArray()).containsExactly(-3, 5);
        assertThat(tensor.toLongArray()).containsExactly(-3, 5);
        assertThat(tensor.type()).isEqualTo(TensorType.of(dtype, 2));
    }

    @Test
    void conversionsAreThoseOfJava() {
        HostTensor ints = HostTensor.zeros(DType.INT32, 3);
        ints.setLong(0, 1L << 32 | 5);
        ints.setDouble(1, Double.NaN);
        ints.setDouble(2, 1e20);
        HostTensor bools = HostTensor.zeros(DType.BOOL, 3);
        bools.setLong(0, 1L << 40);
        bools.setDouble(1, Double.NaN);
        bools.setDouble(2, -0.0);

        assertThat(ints.toLongArray()).containsExactly(5, 0, Integer.MAX_VALUE);
        assertThat(bools.toLongArray()).containsExactly(1, 1, 0);
        assertThat(HostTensor.scalar(1e39).toFloatArray()).containsExactly(Float.POSITIVE_INFINITY);
    }

    @Test
    void storageDTypesAreHeldButNotRead() {
        HostTensor bytes = HostTensor.contiguous(DType.UINT8, new long[] {4}, ByteBuffer.allocate(4));

        assertThat(bytes.sizeInBytes()).isEqualTo(4);
        assertThatThrownBy(() -> bytes.longAt(0)).hasMessageContaining("decoded on entry");
    }
}
