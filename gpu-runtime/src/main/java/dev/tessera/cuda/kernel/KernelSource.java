package dev.tessera.cuda.kernel;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The text of a kernel and the name of its function. Equal if the texts are. */
public record KernelSource(String name, String text) {
    /** The SHA-256 of the text and of what else decides what is made of it, in lower-case hex. */
    String key(String target) {
        String all = target + "\n" + name + "\n" + text;
        return HexFormat.of().formatHex(KernelFolder.sha256(all.getBytes(StandardCharsets.UTF_8)));
    }
}
