package dev.tessera.cpu;

import dev.tessera.runtime.RuntimeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where JavaCPP extracts its libraries to. By default a folder of this process alone, which no one else may write to and
 * which is deleted when the process ends, for JavaCPP looks into it as long as it runs: neither can processes that start at once read each other's half-written files, nor
 * can another user put a library there. A folder named in the settings is shared and stays; JavaCPP locks it.
 */
final class LibraryFolder {
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

    /** Has the folder, if it is this process's own, deleted with all that it holds now when the process ends. */
    void deleteAtExit() {
        if (own == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(own)) {
            // Files are deleted in the reverse of the order given, a folder after what is in it.
            files.forEach(file -> file.toFile().deleteOnExit());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot list the native libraries in %s: %s".formatted(own, e.getMessage()), e);
        }
    }
}
