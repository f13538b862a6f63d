package dev.tessera.cuda.driver;

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
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.NullMarked;
import org.slf4j.LoggerFactory;

/** A process of its own: libraries are loaded once in a process, and a crash must not end the tests. */
public record ChildJvm(Process process, Path output) {
    /** Starts {@code main} in {@code folder}. */
    public static ChildJvm start(Path folder, Class<?> main, List<String> jvmArguments, String... arguments)
            throws IOException {
        return start(folder, List.of(), main, jvmArguments, arguments);
    }

    /** @param launcher the command that runs java, if any */
    public static ChildJvm start(
            Path folder, List<String> launcher, Class<?> main, List<String> jvmArguments, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:-CreateCoredumpOnCrash"));
        command.addAll(List.of("-cp", classPath()));
        // The last class path holds, if there is one among these.
        command.addAll(jvmArguments);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("child", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // The profile nvrtc puts the real NVRTC there, where tests mean to have none.
        builder.environment().remove("LD_LIBRARY_PATH");
        return new ChildJvm(builder.start(), output);
    }

    /** Where the classes and resources of a load come from, however this JVM was given them. */
    static String classPath() throws IOException {
        Set<String> entries = new LinkedHashSet<>();
        for (Class<?> type : List.of(
                ChildJvm.class,
                CudaApi.class,
                JCudaDriver.class,
                JCublas2.class,
                NullMarked.class,
                Pointer.class,
                openblas_nolapack.class,
                Kryo.class,
                LoggerFactory.class)) {
            entries.add(Path.of(URI.create(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toString()))
                    .toString());
        }
        for (NativeLibrary library : NativeLibrary.values()) {
            URL resource = ChildJvm.class.getResource("/lib/" + library.bridgeFile());
            JarURLConnection jar = (JarURLConnection) resource.openConnection();
            entries.add(Path.of(URI.create(jar.getJarFileURL().toString())).toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Waits for it; what it printed, with its exit status in the last line. */
    public String await() throws IOException, InterruptedException {
        int status = process.waitFor();
        String text = Files.readString(output);
        Files.delete(output);
        return text + "\nstatus " + status;
    }
}
