package dev.tessera.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
    private static final Path CACHE = Path.of("/etc/ld.so.cache");

    @TempDir
    Path folder;

    @Test
    void theFolderThatTheUserNamesComesFirstThenTheEnvironmentThenTheMachine() throws IOException {
        Path named = library("named", "libcuda.so.1");
        Path linker = library("linker", "libcuda.so.1");
        Path machine = library("machine", "libcuda.so.1");
        LibrarySettings settings = new LibrarySettings(
                List.of(folder.resolve("missing"), named.getParent()),
                List.of(linker.getParent()),
                List.of(machine.getParent()),
                List.of());
        assertThat(new LibrarySearch(settings).placesOf(NativeLibrary.DRIVER))
                .extracting(LibrarySearch.Place::file)
                .startsWith(named, linker)
                .contains(machine);
    }

    @Test
    void companionsOfTheSameFolderComeWithALibrary() throws IOException {
        Path library = library("cuda", "libnvrtc.so.12");
        Path builtins = library("cuda", "libnvrtc-builtins.so.12.9");
        library("cuda", "libnvrtc-builtins.alt.so.12.9");
        LibrarySettings settings = new LibrarySettings(List.of(library.getParent()), List.of(), List.of(), List.of());
        assertThat(new LibrarySearch(settings)
                        .placesOf(NativeLibrary.NVRTC)
                        .get(0)
                        .companions())
                .containsExactly(builtins);
    }

    @Test
    void settingsNameSeveralFolders() {
        LibrarySettings settings = LibrarySettings.of(Map.of(
                LibrarySettings.PATH_SETTING, "/opt/one: /opt/two:", LibrarySettings.SCRATCH_SETTING, "/var/lib"));
        assertThat(settings.named()).containsExactly(Path.of("/opt/one"), Path.of("/opt/two"));
        assertThat(settings.scratch()).containsExactly(Path.of("/var/lib"));
    }

    @Test
    void aSettingThatIsNoPathIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LibrarySettings.of(Map.of(LibrarySettings.PATH_SETTING, "a\0b")))
                .withMessageStartingWith("Cannot look for CUDA libraries: spark.tessera.gpu.libraryPath has 'a");
    }

    @Test
    void theLinkersCacheNamesFilesThatAreThere() {
        assumeTrue(Files.isReadable(CACHE), "there is no " + CACHE);
        Map<String, Path> files = LinkerCache.read(CACHE);
        assumeTrue(!files.isEmpty(), "ldconfig has listed no library for x86-64");
        assertThat(files.get("libc.so.6")).isRegularFile();
    }

    @Test
    void aCacheThatIsMissingOrBrokenNamesNothing() throws IOException {
        assertThat(LinkerCache.read(folder.resolve("missing"))).isEmpty();
        Path garbage = folder.resolve("garbage");
        Files.write(garbage, new byte[200]);
        assertThat(LinkerCache.read(garbage)).isEmpty();
        assumeTrue(Files.isReadable(CACHE), "there is no " + CACHE);
        byte[] whole = Files.readAllBytes(CACHE);
        Path cut = folder.resolve("cut");
        for (int length : new int[] {0, 20, 47, 100, whole.length / 2}) {
            Files.write(cut, Arrays.copyOf(whole, Math.min(length, whole.length)));
            assertThat(LinkerCache.read(cut)).isEmpty();
        }
    }

    private Path library(String in, String name) throws IOException {
        Path file = Files.createDirectories(folder.resolve(in)).resolve(name);
        return Files.write(file, new byte[1]);
    }
}
