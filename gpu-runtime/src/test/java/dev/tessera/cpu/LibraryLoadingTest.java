package dev.tessera.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** OpenBLAS unpacked and loaded by processes of their own. */
class LibraryLoadingTest {
    /** 300 rows of softmax over 7: each sums to 1. */
    private static final String RESULT = "cpu (OpenBLAS, plain Java (by choice)): 2100, 300";

    private static final int TIMEOUT_SECONDS = 120;

    @TempDir
    private Path folder;

    /** A process whose temporary files lie in {@link #folder}, as do what it prints. */
    private record Child(Process process, Path output) {
        List<String> lines() throws IOException, InterruptedException {
            boolean hasEnded = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(output);
            assertThat(hasEnded).as("%s", lines).isTrue();
            assertThat(process.exitValue()).as("%s", lines).isZero();
            return lines.stream().filter(line -> line.startsWith("cpu ")).toList();
        }
    }

    private Child start(String name, String... arguments) throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path output = folder.resolve(name + ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath(),
                LibraryProbe.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Child(process, output);
    }

    /** Where the classes and libraries come from, however this JVM was given them. */
    private static String classPath() throws IOException {
        Set<String> entries = new LinkedHashSet<>();
        for (Class<?> type : List.of(
                LibraryProbe.class,
                CpuBackend.class,
                Pointer.class,
                openblas_nolapack.class,
                Kryo.class,
                LoggerFactory.class)) {
            URL location = type.getProtectionDomain().getCodeSource().getLocation();
            entries.add(Path.of(URI.create(location.toString())).toString());
        }
        for (String library : List.of("javacpp/%s/libjnijavacpp.so", "openblas/%s/libjniopenblas_nolapack.so")) {
            String resource = "/org/bytedeco/" + library.formatted(Loader.getPlatform());
            JarURLConnection jar = (JarURLConnection)
                    LibraryLoadingTest.class.getResource(resource).openConnection();
            entries.add(Path.of(URI.create(jar.getJarFileURL().toString())).toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.startsWith("tessera"));
        }
    }

    @Test
    void processesThatStartAtOnceOnAnEmptyFolderAllLoadTheLibrary() throws Exception {
        Path shared = folder.resolve("libraries");
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(start("shared" + i, "once", shared.toString()));
        }
        for (Child child : children) {
            assertThat(child.lines()).containsExactly(RESULT);
        }
        assertThat(shared).isNotEmptyDirectory();
    }

    @Test
    void twoClassLoadersOfOneProcessBothRunOnTheLibraryInItsOwnFolderWhichGoesWithIt() throws Exception {
        assertThat(start("loaders", "twice").lines()).containsExactly(RESULT, RESULT);
        assertNothingIsLeft();
    }

    @Test
    void twoClassLoadersWithOneNamedFolderBothRunOnTheLibrary() throws Exception {
        String named = folder.resolve("libraries").toString();
        assertThat(start("named", "twice", named).lines()).containsExactly(RESULT, RESULT);
    }
}
