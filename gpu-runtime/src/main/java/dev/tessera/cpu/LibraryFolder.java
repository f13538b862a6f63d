package dev.tessera.cpu;

import dev.tessera.runtime.RuntimeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where JavaCPP extracts its libraries to. By default a folder of this process alone, which no one else may write to and
 * which is deleted with the backend: neither can processes that start at once read each other's half-written files, nor
 * can another user put a library there. A folder named in the settings is shared and stays; JavaCPP locks it.
 */
final class LibraryFolder implements AutoCloseable {
    static final String SETTING = "spark.tessera.cpu.libraryCache";

    private static final String JAVACPP_PROPERTY = "org.bytedeco.javacpp.cachedir";

    private final @Nullable Path own;

    private LibraryFolder(@Nullable Path own) {
        this.own = own;
    }

    /** The folder of the settings. What JavaCPP was told before by others holds. */
    static LibraryFolder of(RuntimeOptions options) {
        if (System.getProperty(JAVACPP_PROPERTY) != null) {
            return new LibraryFolder(null);
        }
        String named = options.settings().get(SETTING);
        if (named != null) {
            System.setProperty(JAVACPP_PROPERTY, named);
            return new LibraryFolder(null);
        }
        try {
            Path folder = Files.createTempDirectory("tessera-native-");
            System.setProperty(JAVACPP_PROPERTY, folder.toString());
            return new LibraryFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot create a folder for native libraries: %s; name one with %s"
                            .formatted(e.getMessage(), SETTING),
                    e);
        }
    }

    /** Deletes the folder if it is this process's own; libraries that are loaded stay so. */
    @Override
    public void close() {
        if (own != null) {
            delete(own);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // A library that the system holds on to stays where it is; the folder is temporary.
            folder.toFile().deleteOnExit();
        }
    }
}
