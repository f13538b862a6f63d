package dev.tessera.cuda.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The list of libraries that {@code ldconfig} made, where the dynamic linker looks: {@code /etc/ld.so.cache}. */
final class LinkerCache {
    private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 48;
    private static final int ENTRY_BYTES = 24;
    private static final int ARCHITECTURE = 0xff00;
    private static final int X86_64 = 0x0300;

    private LinkerCache() {}

    /** The file of each name, of this architecture; none if there is no such list, or it is in a form unknown here. */
    static Map<String, Path> read(Path file) {
        if (!Files.isReadable(file)) {
            return Map.of();
        }
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException | IndexOutOfBoundsException e) {
            // The folders of the machine are searched all the same.
            return Map.of();
        }
    }

    private static Map<String, Path> parse(byte[] bytes) {
        int start = indexOf(bytes, MAGIC);
        if (start < 0) {
            return Map.of();
        }
        ByteBuffer cache = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int count = cache.getInt(start + MAGIC.length);
        Map<String, Path> files = new LinkedHashMap<>();
        for (int index = 0; index < count; index++) {
            int entry = start + HEADER_BYTES + index * ENTRY_BYTES;
            if ((cache.getInt(entry) & ARCHITECTURE) == X86_64) {
                String name = text(bytes, start + cache.getInt(entry + 4));
                files.putIfAbsent(name, Path.of(text(bytes, start + cache.getInt(entry + 8))));
            }
        }
        return files;
    }

    /** Lists of an older form come first in the file, with the form read here after them. */
    private static int indexOf(byte[] bytes, byte[] word) {
        for (int start = 0; start + HEADER_BYTES <= bytes.length; start++) {
            if (Arrays.equals(bytes, start, start + word.length, word, 0, word.length)) {
                return start;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes, int start) {
        int end = start;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }
}
