package dev.tessera.cpu;

import dev.tessera.runtime.RuntimeOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where JavaCPP extracts its libraries to. By default a folder of this process alone, which no one else may write to and
 * which is deleted when the process ends, for JavaCPP looks into it as long as it runs: neither can processes that start
 * at once read each other's half-written files, nor can another user put a library there. Other class loaders of the
 * process use it too. A folder named in the settings is shared and stays; JavaCPP locks it.
 */
final class LibraryFolder {
    static final String SETTING = "spark.tessera.cpu.libraryCache";

    private static final Logger LOG = LoggerFactory.getLogger(LibraryFolder.class);
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

    /**
     * Has the folder, if it is this process's own, deleted when the process ends, with all that it holds by then: another
     * class loader's JavaCPP, which looks there too, adds files of its own.
     */
    void deleteAtExit() {
        Path folder = own;
        if (folder != null) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "tessera-library-folder"));
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            // A folder after what is in it. What cannot be deleted, as a library in use on Windows, stays.
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Left native libraries in {}", folder, e);
        }
    }
}
