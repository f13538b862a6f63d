package dev.tessera.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds libraries that NVIDIA's can be taken for when they are loaded, with the machine's C compiler. */
final class StubLibraries {
    private StubLibraries() {}

    /** Builds {@code soname} in {@code folder}; skips the test, loudly, where there is no C compiler. */
    static Path build(Path folder, String soname, String... flags) throws IOException, InterruptedException {
        assumeCompiler();
        Files.createDirectories(folder);
        Path source = folder.resolve("stubs.c");
        try (InputStream in = StubLibraries.class.getResourceAsStream("stubs.c")) {
            Files.write(source, in.readAllBytes());
        }
        Path versions = folder.resolve("versions");
        Files.writeString(versions, "%s { global: *; };%n".formatted(soname));
        Path library = folder.resolve(soname);
        List<String> command = new ArrayList<>(List.of(
                "gcc", "-shared", "-fPIC", "-Wl,-soname," + soname, "-o", library.toString(), source.toString()));
        command.addAll(List.of(flags));
        // As with NVIDIA's own: those that JCuda is linked against by version.
        if (!soname.startsWith("libcuda.") && !soname.contains("-")) {
            command.add("-Wl,--version-script=" + versions);
        }
        Process compiler = new ProcessBuilder(command).inheritIO().start();
        assertThat(compiler.waitFor()).as(String.join(" ", command)).isZero();
        return library;
    }

    private static void assumeCompiler() {
        boolean found = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "gcc")));
        if (!found) {
            System.err.println(
                    "SKIPPED: there is no gcc to build stub libraries with; nothing is said about loading CUDA");
        }
        assumeTrue(found, "gcc is not on the PATH");
    }
}
