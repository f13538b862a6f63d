package dev.tessera.cuda.driver;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where libraries are looked for, and where those in jars are extracted to.
 *
 * @param named the folders that the user names, in order
 * @param linker the folders that the dynamic linker looks in before its own, in order
 * @param system the folders of the machine, in order; if there are any, the linker's cache is read too
 * @param scratch the folders that are tried, in order, for one that files can be written to and executed from
 */
record LibrarySettings(List<Path> named, List<Path> linker, List<Path> system, List<Path> scratch) {
    static final String PATH_SETTING = "spark.tessera.gpu.libraryPath";
    static final String SCRATCH_SETTING = "spark.tessera.gpu.libraryCache";

    private static final List<Path> SYSTEM_FOLDERS = List.of(
            Path.of("/usr/local/nvidia/lib64"),
            Path.of("/usr/lib/x86_64-linux-gnu"),
            Path.of("/lib/x86_64-linux-gnu"),
            Path.of("/usr/lib64"),
            Path.of("/lib64"),
            Path.of("/usr/lib/wsl/lib"),
            Path.of("/usr/local/cuda/lib64"),
            Path.of("/usr/local/cuda-12/lib64"));

    LibrarySettings {
        named = List.copyOf(named);
        linker = List.copyOf(linker);
        system = List.copyOf(system);
        scratch = List.copyOf(scratch);
    }

    /**
     * As {@code spark.tessera.*} settings and the environment of this process say.
     *
     * @throws IllegalArgumentException if a setting is no path
     */
    static LibrarySettings of(Map<String, String> settings) {
        return new LibrarySettings(
                paths(PATH_SETTING, settings.getOrDefault(PATH_SETTING, ""), File.pathSeparator),
                environment("LD_LIBRARY_PATH", File.pathSeparator),
                SYSTEM_FOLDERS,
                scratchFolders(settings.getOrDefault(SCRATCH_SETTING, "")));
    }

    private static List<Path> scratchFolders(String named) {
        if (!named.isEmpty()) {
            return paths(SCRATCH_SETTING, named, File.pathSeparator);
        }
        Set<Path> folders = new LinkedHashSet<>();
        folders.addAll(paths("java.io.tmpdir", System.getProperty("java.io.tmpdir", "/tmp"), "\0"));
        // Where YARN and Spark's own managers let executors write.
        folders.addAll(environment("LOCAL_DIRS", ","));
        folders.addAll(environment("SPARK_LOCAL_DIRS", ","));
        folders.add(Path.of("").toAbsolutePath());
        return List.copyOf(folders);
    }

    private static List<Path> environment(String variable, String separator) {
        String value = System.getenv(variable);
        return value == null ? List.of() : paths(variable, value, separator);
    }

    private static List<Path> paths(String source, String value, String separator) {
        List<Path> paths = new ArrayList<>();
        for (String path : value.split(separator, -1)) {
            if (!path.isBlank()) {
                try {
                    paths.add(Path.of(path.strip()).toAbsolutePath());
                } catch (InvalidPathException e) {
                    throw new IllegalArgumentException(
                            "Cannot look for CUDA libraries: %s has '%s', which is no path".formatted(source, path), e);
                }
            }
        }
        return paths;
    }
}
