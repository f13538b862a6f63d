package dev.tessera;

import java.util.Locale;

/** What a batch can run on. */
public enum Device {
    CPU,
    GPU;

    /** Whether it is the one that a receipt names: {@code gpu (NVIDIA A100-SXM4-40GB, GPU-5c1e...)}. */
    boolean isNamed(String name) {
        return name.startsWith(name().toLowerCase(Locale.ROOT));
    }
}
