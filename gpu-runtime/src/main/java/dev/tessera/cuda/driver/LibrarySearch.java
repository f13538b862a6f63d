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

    /** The places of a library, the one to try first first. */
    List<Place> placesOf(NativeLibrary library) {
        List<Place> places = new ArrayList<>();
        for (Path file : filesNamed(library.soname())) {
            places.add(new Place(file.toString(), companionFiles(library, file), file, null));
        }
        Place inJar = inJar(library);
        if (inJar != null) {
            places.add(inJar);
        }
        return places;
    }

    /** A file of the library's name with another version than JCuda is linked against, such as that of CUDA 13. */
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

    private static List<Path> companionFiles(NativeLibrary library, Path file) {
        Path folder = file.getParent();
        if (library.companion().isEmpty() || folder == null) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, library.companion() + "*")) {
            files.forEach(found::add);
        } catch (IOException e) {
            // The library is tried without: what it misses, if anything, it says itself.
            return List.of();
        }
        found.sort(null);
        return found;
    }

    private static @Nullable Place inJar(NativeLibrary library) {
        for (ClassLoader loader : loaders()) {
            URL url = loader.getResource(JAR_FOLDER + library.soname());
            if (url != null) {
                return new Place(url.toString(), List.of(), null, url);
            }
        }
        return null;
    }

    /** The companions of a library in a jar. */
    static List<URL> companionResources(NativeLibrary library, URL url) throws IOException {
        List<URL> found = new ArrayList<>();
        if (library.companion().isEmpty() || !(url.openConnection() instanceof JarURLConnection connection)) {
            return found;
        }
        String prefix = JAR_FOLDER + library.companion();
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
            List<Path> companions,
            @Nullable Path file,
            @Nullable URL resource) {}
}
