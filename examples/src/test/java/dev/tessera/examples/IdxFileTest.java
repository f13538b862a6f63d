package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    /** Two entries of three bytes. */
    private static final byte[] GOOD = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, -1};

    private static IdxFile read(byte[] bytes) throws IOException {
        return IdxFile.read(new ByteArrayInputStream(bytes), "some.idx");
    }

    private static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static void assertRefused(byte[] bytes, String why) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(ExampleException.class)
                .hasMessageStartingWith("Cannot read some.idx: ")
                .hasMessageContaining(why)
                .hasMessageEndingWith("fetch the file again");
    }

    private static byte[] with(int position, int value) {
        byte[] bytes = GOOD.clone();
        bytes[position] = (byte) value;
        return bytes;
    }

    @Test
    void readsPlainAndGzippedFiles() throws IOException {
        for (byte[] file : new byte[][] {GOOD, gzipped(GOOD)}) {
            IdxFile idx = read(file);
            assertThat(idx.rank()).isEqualTo(2);
            assertThat(idx.size(0)).isEqualTo(2);
            assertThat(idx.size(1)).isEqualTo(3);
            assertThat(idx.bytes()).containsExactly(1, 2, 3, 4, 5, -1);
        }
    }

    @Test
    void refusesAnotherStart() {
        assertRefused(with(0, 1), "it starts with 01000802");
        assertRefused(with(2, 0x0d), "it starts with 00000d02");
        assertRefused(with(3, 0), "it starts with 00000800");
        assertRefused(with(3, 9), "it starts with 00000809");
    }

    @Test
    void refusesSizesThatNoFileHas() {
        assertRefused(with(7, 0), "axis 0 has size 0");
        assertRefused(with(4, 0x80), "axis 0 has size -2147483646");
        // 2^24 + 2 entries of 2^24 + 3 bytes.
        byte[] huge = with(4, 1);
        huge[8] = 1;
        assertRefused(huge, "axis 1 has size 16777219");
    }

    @Test
    void refusesEveryPrefix() throws IOException {
        for (int length = 0; length < GOOD.length; length++) {
            byte[] start = Arrays.copyOf(GOOD, length);
            assertThatThrownBy(() -> read(start)).isInstanceOf(ExampleException.class);
        }
        byte[] gzip = gzipped(GOOD);
        for (int length = 0; length < gzip.length; length++) {
            byte[] start = Arrays.copyOf(gzip, length);
            assertThatThrownBy(() -> read(start)).isInstanceOf(ExampleException.class);
        }
    }

    @Test
    void refusesWhatGoesOn() {
        assertRefused(Arrays.copyOf(GOOD, GOOD.length + 1), "it goes on after the 6 bytes");
    }

    @Test
    void refusesDamagedGzip() throws IOException {
        byte[] damaged = gzipped(GOOD);
        damaged[damaged.length - 6] ^= 1;
        assertRefused(damaged, "its gzip is damaged (Corrupt GZIP trailer)");
    }

    @Test
    void aLargeClaimWithoutBytesAllocatesLittle() {
        // 2^31 - 16 bytes are claimed, the heap of a test could not hold twice that.
        byte[] claim = {0, 0, 8, 1, 0x7f, -1, -1, -16, 1, 2, 3};
        assertRefused(claim, "it has 3 bytes of the 2147483632");
    }

    @Test
    void saysWhatIsWrongWithAPath(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> IdxFile.read(folder.resolve("none")))
                .hasMessage("Cannot read %s: there is no such file".formatted(folder.resolve("none")));
        assertThatThrownBy(() -> IdxFile.read(folder)).isInstanceOf(ExampleException.class);
        Path file = Files.write(folder.resolve("some.idx"), GOOD);
        assertThat(IdxFile.read(file).size(0)).isEqualTo(2);
    }
}
