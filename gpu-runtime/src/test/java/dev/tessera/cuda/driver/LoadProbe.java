package dev.tessera.cuda.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Loads what it finds in a folder, as an executor does, and prints what came of it. Run in a process of its own.
 *
 * <p>Arguments: the folder, and if wanted the one to extract to.
 */
public final class LoadProbe {
    private LoadProbe() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, String> settings = arguments.length == 1
                ? Map.of(LibrarySettings.PATH_SETTING, arguments[0])
                : Map.of(LibrarySettings.PATH_SETTING, arguments[0], LibrarySettings.SCRATCH_SETTING, arguments[1]);
        LibrarySettings all = LibrarySettings.of(settings);
        // Not what the machine that runs the test has.
        CudaLibraries libraries =
                new CudaLibraries(new LibrarySettings(all.named(), List.of(), List.of(), all.scratch()));
        System.out.print(new CapabilityProbe(libraries, () -> new JCudaApi(libraries)).probe());
        for (NativeLibrary library : NativeLibrary.values()) {
            System.out.println(library + " " + libraries.load(library));
        }
        if (libraries.load(NativeLibrary.CUBLAS).isLoaded()) {
            System.out.println("cuBLAS version " + new JCudaApi(libraries).blasVersion());
        }
        if (libraries.load(NativeLibrary.NVRTC).isLoaded()) {
            System.out.println("NVRTC version " + new JCudaApi(libraries).compilerVersion());
        }
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("builtins"))
                .map(line -> "mapped " + line.substring(line.indexOf('/')))
                .distinct()
                .forEach(System.out::println);
        System.out.println("tmpdir " + System.getProperty("java.io.tmpdir"));
    }
}
