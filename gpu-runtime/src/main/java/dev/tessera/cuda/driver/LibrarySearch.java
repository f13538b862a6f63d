package dev.tessera.cuda.driver;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a library of NVIDIA is: in a folder that the user names, on the machine, or in a jar on the class path. */
final class LibrarySearch {
    private static final Path LINKER_CACHE = Path.of("/etc/ld.so.cache");
    private static final String JAR_FOLDER = "org/bytedeco/cuda/linux-x86_64/";

    private final LibrarySettings settings;

    LibrarySearch(LibrarySettings settings) {
        this.settings = settings;
    }

    /** The places of a library, the one to try first first; those of CUDA 13 after those that JCuda is linked against. */
    List<Place> placesOf(NativeLibrary library) {
        List<Place> places = new ArrayList<>();
        addPlaces(library, Release.LINKED, places);
        if (!library.functions().isEmpty()) {
            addPlaces(library, Release.THIRTEEN, places);
        }
        return places;
    }

    private void addPlaces(NativeLibrary library, Release release, List<Place> places) {
        String companion = release.name(library.companion());
        for (Path file : filesNamed(release.name(library.soname()))) {
            places.add(new Place(file.toString(), release, companionFiles(companion, file), file, null));
        }
        for (ClassLoader loader : loaders()) {
            URL url = loader.getResource(JAR_FOLDER + release.name(library.soname()));
            if (url != null) {
                places.add(new Place(url.toString(), release, List.of(), null, url));
                return;
            }
        }
    }

    /** A file of the library's name with a version that nothing here can use, such as that of CUDA 11. */
    @Nullable
    Path otherVersionOf(NativeLibrary library) {
        for (int version = 20; version > 8; version--) {
            List<Path> files = filesNamed(library.stem() + "." + version);
            if (!files.isEmpty()) {
                return files.get(0);
            }
        }
        return null;
    }

    /** As the linker looks, after what the user names: the environment, its cache, and then the machine's folders. */
    private List<Path> filesNamed(String name) {
        List<Path> candidates = new ArrayList<>();
        settings.named().forEach(folder -> candidates.add(folder.resolve(name)));
        settings.linker().forEach(folder -> candidates.add(folder.resolve(name)));
        if (!settings.system().isEmpty()) {
            Path listed = LinkerCache.read(LINKER_CACHE).get(name);
            if (listed != null) {
                candidates.add(listed);
            }
        }
        settings.system().forEach(folder -> candidates.add(folder.resolve(name)));
        return candidates.stream().filter(Files::isRegularFile).distinct().toList();
    }

    private static List<Path> companionFiles(String companion, Path file) {
        Path folder = file.getParent();
        if (companion.isEmpty() || folder == null) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, companion + "*")) {
            files.forEach(found::add);
        } catch (IOException e) {
            // The library is tried without: what it misses, if anything, it says itself.
            return List.of();
        }
        found.sort(null);
        return found;
    }

    /** The companions, whose names begin so, of a library in a jar. */
    static List<URL> companionResources(String companion, URL url) throws IOException {
        List<URL> found = new ArrayList<>();
        if (companion.isEmpty() || !(url.openConnection() instanceof JarURLConnection connection)) {
            return found;
        }
        String prefix = JAR_FOLDER + companion;
        try (JarFile jar = new JarFile(
                Path.of(URI.create(connection.getJarFileURL().toString())).toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                if (name.startsWith(prefix)) {
                    found.add(URI.create("jar:" + connection.getJarFileURL() + "!/" + name)
                            .toURL());
                }
            }
        }
        return found;
    }

    /** Jars that Spark adds at run time are seen by the context loader of its threads only. */
    private static List<ClassLoader> loaders() {
        return Stream.of(Thread.currentThread().getContextClassLoader(), LibrarySearch.class.getClassLoader())
                .filter(loader -> loader != null)
                .distinct()
                .toList();
    }

    /** Which CUDA a library is of. */
    enum Release {
        /** The one that JCuda is linked against. */
        LINKED,
        /** The next one, to which a {@link ForwardingLibrary} leads. */
        THIRTEEN;

        /** What a file of it is called that has the version of CUDA 12 in its name. */
        String name(String ofTwelve) {
            return this == LINKED ? ofTwelve : ofTwelve.replace(".so.12", ".so.13");
        }
    }

    /**
     * A place of a library.
     *
     * @param name as messages call it
     * @param companions to be loaded before it, if it is a file
     * @param file null if it is in a jar
     * @param resource null if it is a file
     */
    record Place(
            String name,
            Release release,
            List<Path> companions,
            @Nullable Path file,
            @Nullable URL resource) {}
}
