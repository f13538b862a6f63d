package dev.tessera.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cuda.driver.KernelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFolderTest {
    @TempDir
    Path temporary;

    private static KernelImage image(KernelImage.Format format, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return new KernelImage(format, bytes);
    }

    private List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void whatIsWrittenIsReadByItsCompilersVersionOrAny() {
        KernelFolder folder = new KernelFolder(temporary.resolve("made/here"));
        KernelImage written = image(KernelImage.Format.CUBIN, 1000);
        folder.write("abc", 12090, written);
        for (int version : new int[] {12090, 0}) {
            KernelImage read = folder.read("abc", version).orElseThrow();
            assertThat(read.format()).isEqualTo(KernelImage.Format.CUBIN);
            assertThat(read.bytes()).isEqualTo(written.bytes());
        }
        assertThat(folder.read("abc", 12060)).isEmpty();
        assertThat(folder.read("ab", 0)).isEmpty();
    }

    @Test
    void aFileThatIsShortenedOrChangedAnywhereIsIgnored() throws IOException {
        KernelFolder folder = new KernelFolder(temporary);
        folder.write("abc", 1, image(KernelImage.Format.PTX, 40));
        Path file = files(temporary).get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x40;
            Files.write(file, changed);
            assertThat(folder.read("abc", 1)).as("byte %d", at).isEmpty();
            Files.write(file, java.util.Arrays.copyOf(whole, at));
            assertThat(folder.read("abc", 1)).as("length %d", at).isEmpty();
        }
        Files.write(file, whole);
        assertThat(folder.read("abc", 1)).isPresent();
    }

    @Test
    void aFolderThatCannotBeWrittenToIsOnlySlower() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "not a folder");
        KernelFolder folder = new KernelFolder(file.resolve("below"));
        folder.write("abc", 1, image(KernelImage.Format.PTX, 10));
        assertThat(folder.read("abc", 1)).isEmpty();
        assertThat(folder.read("abc", 0)).isEmpty();
    }

    @Test
    void writingAgainReplacesAndLeavesNothingBeside() throws IOException {
        KernelFolder folder = new KernelFolder(temporary);
        folder.write("abc", 1, image(KernelImage.Format.PTX, 10));
        folder.write("abc", 1, image(KernelImage.Format.CUBIN, 20));
        assertThat(folder.read("abc", 1).orElseThrow().sizeInBytes()).isEqualTo(20);
        assertThat(files(temporary)).hasSize(1);
    }
}
