package dev.tessera.cuda.driver;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Runs {@link LoadProbe} in two class loaders that share nothing, as a library in a session and its executor may be. */
public final class TwoLoaders {
    private TwoLoaders() {}

    public static void main(String[] arguments) throws Exception {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        URL[] urls = new URL[entries.length];
        for (int index = 0; index < entries.length; index++) {
            urls[index] = Path.of(entries[index]).toUri().toURL();
        }
        ClassLoader shared = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader one = new URLClassLoader(urls, shared);
                URLClassLoader other = new URLClassLoader(urls, shared)) {
            for (ClassLoader loader : new ClassLoader[] {one, other}) {
                loader.loadClass(LoadProbe.class.getName())
                        .getMethod("main", String[].class)
                        .invoke(null, (Object) arguments);
            }
        }
    }
}
