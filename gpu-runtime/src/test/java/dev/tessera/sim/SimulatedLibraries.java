package dev.tessera.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The libraries of the simulated device, {@code libcuda.so.1} and {@code libcublas.so.12}: built from their sources
 * where they are not up to date, and loaded before any class of JCuda is.
 *
 * @param folder where both libraries are, or null
 * @param reason why there are none, or empty
 */
record SimulatedLibraries(Path folder, String reason) {
    /** Names a folder with libraries that are built already, for processes that cannot see the sources. */
    static final String FOLDER_PROPERTY = "tessera.sim.libraries";

    private static final Path SOURCES = Path.of("gpu-runtime", "src", "test", "cuda-sim");
    private static final Path OUTPUT = Path.of("gpu-runtime", "target", "cuda-sim");
    private static final long BUILD_MINUTES = 15;

    boolean arePresent() {
        return reason.isEmpty();
    }

    /** Builds what is not up to date; seconds if nothing is. */
    static SimulatedLibraries find() {
        String named = System.getProperty(FOLDER_PROPERTY, "");
        if (!named.isEmpty()) {
            return new SimulatedLibraries(Path.of(named), "");
        }
        if (!"amd64".equals(System.getProperty("os.arch")) || !Files.exists(Path.of("/proc/cpuinfo"))) {
            return new SimulatedLibraries(null, "the simulated CUDA device needs Linux on x86-64");
        }
        Path root = projectRoot();
        if (root == null) {
            return new SimulatedLibraries(
                    null, "no " + SOURCES + " in or above " + Path.of("").toAbsolutePath());
        }
        if (!hasCompiler()) {
            return new SimulatedLibraries(null, "there is no g++; install it");
        }
        build(root);
        return new SimulatedLibraries(root.resolve(OUTPUT), "");
    }

    /** Must run before the first class of JCuda: what is loaded satisfies what JCuda's libraries need by name. */
    void load() {
        System.load(folder.resolve("libcuda.so.1").toString());
        System.load(folder.resolve("libcublas.so.12").toString());
    }

    private static Path projectRoot() {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve(SOURCES))) {
            root = root.getParent();
        }
        return root;
    }

    private static boolean hasCompiler() {
        try {
            return run(new ProcessBuilder("g++", "--version")).isEmpty();
        } catch (IOException missing) {
            return false;
        }
    }

    private static void build(Path root) {
        String script = root.resolve(SOURCES).resolve("build.sh").toString();
        String output = root.resolve(OUTPUT).toString();
        try {
            String failure = run(new ProcessBuilder("bash", script, output, System.getProperty("java.home")));
            if (!failure.isEmpty()) {
                throw new IllegalStateException("Cannot build the simulated CUDA device: " + failure);
            }
        } catch (IOException cause) {
            throw new IllegalStateException("Cannot build the simulated CUDA device: no bash", cause);
        }
    }

    /** Returns what a process printed, if it failed; else nothing. */
    private static String run(ProcessBuilder command) throws IOException {
        Path output = Files.createTempFile("cuda-sim", ".log");
        try {
            Process process = command.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
                process.destroy();
                return command.command() + " took longer than " + BUILD_MINUTES + " minutes";
            }
            return process.exitValue() == 0 ? "" : command.command() + " failed:\n" + Files.readString(output);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } finally {
            Files.delete(output);
        }
    }
}
