package dev.tessera.cuda.driver;

import dev.tessera.cuda.driver.LibrarySearch.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Loads the libraries of NVIDIA, each once and when it is first asked for, and JCuda's part over each.
 *
 * <p>JCuda's own loader writes its part to a fixed name in the shared folder for temporary files, in pieces, and loads what
 * it finds there: processes that start together crash. It is led to a {@link PrivateFolder} where its files already are.
 * A library of NVIDIA is loaded by its path first; the linker then takes it for the name that JCuda's part asks for, wherever
 * it is. Thread-safe. The first load in a class loader decides for all of its time, whoever asks.
 */
final class CudaLibraries {
    private static final Pattern LINKER_REASON = Pattern.compile("\\S+: (?:cannot open shared object file[^\\n"
            + "]*|version [^\\n"
            + "]* not found[^\\n"
            + "]*|failed to map segment[^\\n"
            + "]*|file too short|invalid ELF header|undefined symbol[^\\n"
            + "]*|wrong ELF class[^\\n"
            + "]*)");
    private static final String TEMPORARY_FOLDER = "java.io.tmpdir";
    /** The same object in every class loader of the process, as the property is the same. */
    private static final String TEMPORARY_FOLDER_LOCK = "dev.tessera.cuda.java.io.tmpdir".intern();

    private final LibrarySettings settings;
    private final LibrarySearch search;
    private final Map<NativeLibrary, LibraryStatus> statuses = new EnumMap<>(NativeLibrary.class);
    private @Nullable PrivateFolder folder;

    CudaLibraries(LibrarySettings settings) {
        this.settings = settings;
        this.search = new LibrarySearch(settings);
    }

    /** Loads a library, unless that was tried before, and says what became of it. */
    synchronized LibraryStatus load(NativeLibrary library) {
        LibraryStatus known = statuses.get(library);
        if (known != null) {
            return known;
        }
        LibraryStatus status = tryToLoad(library);
        statuses.put(library, status);
        return status;
    }

    /** Where a library is, without loading it; empty if nowhere. */
    String whereIs(NativeLibrary library) {
        List<Place> places = search.placesOf(library);
        return places.isEmpty() ? "" : places.get(0).name();
    }

    private LibraryStatus tryToLoad(NativeLibrary library) {
        String platform = "%s on %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (!platform.toLowerCase(Locale.ROOT).equals("linux on amd64")) {
            return LibraryStatus.failed("", "JCuda has no libraries for " + platform, "use Linux on x86-64");
        }
        List<Place> places = search.placesOf(library);
        if (places.isEmpty()) {
            return notFound(library);
        }
        List<String> reasons = new ArrayList<>();
        for (Place place : places) {
            try {
                preload(library, place);
                if (place.release() == LibrarySearch.Release.THIRTEEN) {
                    forward(library, place.release());
                }
                loadBridge(library);
                return LibraryStatus.loaded(place.name());
            } catch (BridgeException e) {
                return LibraryStatus.failed(place.name(), messageOf(e), e.remedy);
            } catch (IOException | LinkageError e) {
                reasons.add("%s: %s".formatted(place.name(), reasonOf(e)));
            }
        }
        return LibraryStatus.failed(
                places.get(0).name(),
                "%s cannot be loaded: %s".formatted(library.soname(), String.join(", ", reasons)),
                "install a whole one, or name its folder with " + LibrarySettings.PATH_SETTING);
    }

    private LibraryStatus notFound(NativeLibrary library) {
        Path other = search.otherVersionOf(library);
        if (other != null) {
            return LibraryStatus.failed(
                    other.toString(),
                    "%s is not found, only %s: JCuda %s is linked against CUDA 12, and runs over 13"
                            .formatted(library.soname(), other, NativeLibrary.JCUDA_VERSION),
                    "install that library of CUDA 12 or 13 beside it, or name its folder with "
                            + LibrarySettings.PATH_SETTING);
        }
        String reason =
                "%s is not found in %s, nor in the linker's cache, nor in a jar".formatted(library.soname(), folders());
        String remedy = switch (library) {
            case DRIVER ->
                "install NVIDIA's driver, R525 or later; in a container, start it with the NVIDIA container runtime";
            case CUBLAS -> "install the cuBLAS of CUDA 12, or name its folder with " + LibrarySettings.PATH_SETTING;
            case NVRTC ->
                "add org.bytedeco:cuda-redist 12.9 (linux-x86_64) to the class path, or install the NVRTC of CUDA 12"
                        + " and name its folder with " + LibrarySettings.PATH_SETTING;
        };
        return LibraryStatus.failed("", reason, remedy);
    }

    private List<Path> folders() {
        List<Path> folders = new ArrayList<>(settings.named());
        folders.addAll(settings.linker());
        folders.addAll(settings.system());
        return folders;
    }

    private void preload(NativeLibrary library, Place place) throws IOException {
        URL resource = place.resource();
        if (resource != null) {
            preloadFromJar(place.release().name(library.companion()), resource);
            return;
        }
        for (Path companion : place.companions()) {
            loadFile(companion);
        }
        Path file = place.file();
        if (file != null) {
            loadFile(file);
        }
    }

    private void preloadFromJar(String companion, URL resource) throws IOException {
        PrivateFolder target = folder();
        List<URL> resources = LibrarySearch.companionResources(companion, resource);
        resources.add(resource);
        for (URL each : resources) {
            String name = each.getPath().substring(each.getPath().lastIndexOf('/') + 1);
            try {
                target.extract(each, name);
                loadFile(target.path().resolve(name));
            } finally {
                target.delete(name);
            }
        }
    }

    /** Loads what the linker takes for the library that JCuda is linked against, and leads to the one of {@code release}. */
    private void forward(NativeLibrary library, LibrarySearch.Release release) throws IOException {
        String target = release.name(library.soname());
        byte[] bytes = ForwardingLibrary.of(library.soname(), target, library.functions());
        PrivateFolder in = folder();
        try {
            in.write(new ByteArrayInputStream(bytes), "what leads to " + target, library.soname());
            loadFile(in.path().resolve(library.soname()));
        } finally {
            in.delete(library.soname());
        }
    }

    private static void loadFile(Path file) {
        try {
            System.load(file.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            // Then the process has it, which is all that the linker asks.
            if (!String.valueOf(e.getMessage()).contains("already loaded in another classloader")) {
                throw e;
            }
        }
    }

    private void loadBridge(NativeLibrary library) throws BridgeException {
        String name = library.bridgeFile();
        PrivateFolder target;
        try {
            target = folder();
        } catch (IOException e) {
            throw new BridgeException(
                    "no folder can hold JCuda's libraries: " + e.getMessage(),
                    "name one that files can be written to and executed from with " + LibrarySettings.SCRATCH_SETTING,
                    e);
        }
        try {
            extractBridge(library, target);
            initialise(library.className(), target.path());
        } catch (IOException e) {
            throw new BridgeException(
                    "JCuda's %s cannot be extracted: %s".formatted(name, e.getMessage()),
                    "free some space, or name another folder with " + LibrarySettings.SCRATCH_SETTING,
                    e);
        } catch (LinkageError | ClassNotFoundException e) {
            throw new BridgeException(
                    "JCuda's %s cannot be loaded: %s".formatted(library.className(), reasonOf(e)),
                    "use JCuda %s as Tessera's own jars have it".formatted(NativeLibrary.JCUDA_VERSION),
                    e);
        } finally {
            target.delete(name);
        }
    }

    private static void extractBridge(NativeLibrary library, PrivateFolder target) throws IOException, BridgeException {
        String name = library.bridgeFile();
        URL resource = CudaLibraries.class.getResource("/lib/" + name);
        if (resource == null) {
            throw new BridgeException(
                    "/lib/%s is not on the class path".formatted(name),
                    "add the jcuda-natives and jcublas-natives of JCuda %s (linux-x86_64) to it"
                            .formatted(NativeLibrary.JCUDA_VERSION),
                    null);
        }
        String digest = target.extract(resource, name);
        if (!digest.equals(library.bridgeDigest())) {
            throw new BridgeException(
                    "%s has SHA-256 %s, but JCuda %s has %s"
                            .formatted(resource, digest, NativeLibrary.JCUDA_VERSION, library.bridgeDigest()),
                    "remove the other or damaged build of JCuda from the class path",
                    null);
        }
    }

    /** Has JCuda load its part from {@code from}: its loader reads the property each time. */
    static void initialise(String className, Path from) throws ClassNotFoundException {
        synchronized (TEMPORARY_FOLDER_LOCK) {
            String before = System.getProperty(TEMPORARY_FOLDER);
            System.setProperty(TEMPORARY_FOLDER, from.toString());
            try {
                Class.forName(className, true, CudaLibraries.class.getClassLoader());
            } finally {
                if (before == null) {
                    System.clearProperty(TEMPORARY_FOLDER);
                } else {
                    System.setProperty(TEMPORARY_FOLDER, before);
                }
            }
        }
    }

    private PrivateFolder folder() throws IOException {
        PrivateFolder known = folder;
        if (known == null) {
            known = PrivateFolder.in(settings.scratch());
            folder = known;
        }
        return known;
    }

    /** What the linker said, out of what JCuda and Java wrapped it in. */
    private static String reasonOf(Throwable e) {
        String message = String.valueOf(e.getMessage());
        Matcher matcher = LINKER_REASON.matcher(message);
        return matcher.find() ? matcher.group() : message.lines().findFirst().orElse("");
    }

    private static String messageOf(Throwable e) {
        return String.valueOf(e.getMessage());
    }

    /** JCuda's part cannot be loaded, wherever the library under it is. */
    private static final class BridgeException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String remedy;

        BridgeException(String message, String remedy, @Nullable Throwable cause) {
            super(message, cause);
            this.remedy = remedy;
        }
    }
}
