package dev.tessera.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyFileTest {
    @TempDir
    Path folder;

    private Path file(int version, String header, byte[] elements) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer length =
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(text.length);
        bytes.write(length.array(), 0, version == 1 ? 2 : 4);
        bytes.write(text);
        bytes.write(elements);
        return Files.write(folder.resolve("x.npy"), bytes.toByteArray());
    }

    private static String header(String descr, boolean fortran, String shape) {
        return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
                .formatted(descr, fortran ? "True" : "False", shape);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"BOOL", "INT32", "INT64", "FLOAT32", "FLOAT64"})
    void whatIsWrittenIsReadBack(DType dtype) throws IOException {
        for (long[] sizes : new long[][] {{}, {0}, {5}, {2, 3}, {3, 0, 2}, {2, 1, 3, 1, 2, 1}}) {
            HostTensor tensor = HostTensor.zeros(dtype, sizes);
            for (int i = 0; i < tensor.elementCount(); i++) {
                tensor.setLong(i, dtype == DType.BOOL ? i & 1 : i - 3);
            }
            Path path = folder.resolve("written.npy");
            NpyFile.write(path, tensor);
            HostTensor read = NpyFile.read(path);

            assertThat(read.type()).isEqualTo(tensor.type());
            assertThat(read.toLittleEndianBytes()).isEqualTo(tensor.toLittleEndianBytes());
            assertThat((Files.size(path) - tensor.sizeInBytes()) % 64).isZero();
        }
    }

    @Test
    void rowsOfAStridedBatchAreWrittenWithoutTheBytesBetween() throws IOException {
        ByteBuffer storage = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        storage.asIntBuffer().put(new int[] {1, 2, -1, 3, 4, -1});
        Path path = folder.resolve("strided.npy");
        NpyFile.write(path, new HostTensor(DType.INT32, new long[] {2, 2}, storage, 0, 12));

        assertThat(NpyFile.read(path).toLongArray()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void fortranOrderIsReadRowMajor() throws IOException {
        // Column by column, [[1, 2, 3], [4, 5, 6]] is 1 4 2 5 3 6.
        Path path = file(1, header("|u1", true, "(2, 3)"), bytes(1, 4, 2, 5, 3, 6));

        HostTensor read = NpyFile.read(path);

        assertThat(read.dtype()).isEqualTo(DType.INT32);
        assertThat(read.sizes()).containsExactly(2, 3);
        assertThat(read.toLongArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void fortranOrderOfThreeAxesIsReadRowMajor() throws IOException {
        // Element (i, j, k) of value 100 i + 10 j + k lies at i + 2 j + 4 k.
        byte[] elements = new byte[12];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                for (int k = 0; k < 3; k++) {
                    elements[i + 2 * j + 4 * k] = (byte) (100 * i + 10 * j + k);
                }
            }
        }

        HostTensor read = NpyFile.read(file(2, header("|i1", true, "(2, 2, 3)"), elements));

        assertThat(read.toLongArray()).containsExactly(0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112);
    }

    @Test
    void bigEndianElementsAreTurned() throws IOException {
        assertThat(NpyFile.read(file(1, header(">i4", false, "(2,)"), bytes(0, 0, 1, 2, 255, 255, 255, 254)))
                        .toLongArray())
                .containsExactly(258, -2);
        assertThat(NpyFile.read(file(1, header(">f8", true, "()"), bytes(0x3f, 0xf8, 0, 0, 0, 0, 0, 0)))
                        .toDoubleArray())
                .containsExactly(1.5);
        assertThat(NpyFile.read(file(2, header(">i2", false, "(1,)"), bytes(0xff, 0x00)))
                        .toLongArray())
                .containsExactly(-256);
    }

    @Test
    void halvesAreDecodedToFloat32() throws IOException {
        // 1, -2, 65504 (largest), 2^-24 (smallest), inf, nan, -0.
        byte[] halves = bytes(0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0, 0, 0x7c, 1, 0x7e, 0, 0x80);
        HostTensor read = NpyFile.read(file(3, header("<f2", false, "(7,)"), halves));

        assertThat(read.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(read.toFloatArray())
                .containsExactly(1f, -2f, 65504f, 0x1p-24f, Float.POSITIVE_INFINITY, Float.NaN, -0f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "<c8 ; (1,) ; it holds the dtype '<c8'",
                "<u4 ; (1,) ; it holds the dtype '<u4'",
                "?f4 ; (1,) ; it holds the dtype '?f4'",
                "    ; (1,) ; it holds the dtype ''",
                "<f4 ; (3,) ; its header promises 12 bytes of float32[3], and 4 follow",
                "<f4 ; (,)  ; expected a size below 2^63",
                "<f4 ; (-1,) ; expected a size below 2^63",
                "<f4 ; (9223372036854775808,) ; expected a size below 2^63",
                "<f4 ; (4611686018427387904, 4) ; a tensor has at most 2147483632 bytes",
                "<f4 ; (4611686018427387904,) ; a tensor has at most 2147483632 bytes",
                "<f4 ; (0, 99999999999999, 99999999999999) ; a tensor has at most 2147483632 bytes",
                "<f4 ; 1 ; expected a quoted string",
                "<f4 ; 'a' ; its header says 'shape' is a",
                "|b1 ; (4,) ; a bool in it is 7",
            })
    void damagedHeadersAreRefused(String descr, String shape, String why) throws IOException {
        Path path = file(1, header(descr == null ? "" : descr, false, shape), bytes(7, 0, 0, 0));

        assertThatThrownBy(() -> NpyFile.read(path))
                .isInstanceOf(TensorFormatException.class)
                .hasMessageStartingWith("Cannot read " + path + ": ")
                .hasMessageContaining(why);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("x.txt"), "no array at all");
        assertThatThrownBy(() -> NpyFile.read(text)).hasMessageEndingWith("it does not start as a .npy file does");
        assertThatThrownBy(() -> NpyFile.read(file(4, "", new byte[0]))).hasMessageContaining("format version 4");
        assertThatThrownBy(() -> NpyFile.read(file(1, "{'descr': '<f4'", new byte[0])))
                .hasMessageContaining("expected '}'");
        assertThatThrownBy(() -> NpyFile.read(file(1, "{'descr': '<f4'}", new byte[0])))
                .hasMessageContaining("its header says 'fortran_order' is null");
        assertThatThrownBy(() -> NpyFile.read(folder.resolve("none.npy"))).isInstanceOf(NoSuchFileException.class);
        Path cut =
                Files.write(folder.resolve("cut.npy"), new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 70, 0});
        assertThatThrownBy(() -> NpyFile.read(cut)).hasMessageEndingWith("it ends within its header");
    }

    @Test
    void anyChangedByteIsRefusedClearlyOrAnotherTensor() throws IOException {
        Path path = folder.resolve("mutated.npy");
        NpyFile.write(path, HostTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        byte[] seed = Files.readAllBytes(path);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = seed.clone();
            bytes[random.nextInt(100)] = (byte) random.nextInt();
            Files.write(path, bytes);
            try {
                assertThat(NpyFile.read(path).elementCount()).isLessThanOrEqualTo(24);
            } catch (TensorFormatException e) {
                assertThat(e).hasMessageStartingWith("Cannot read " + path + ": ");
            }
        }
    }
}
