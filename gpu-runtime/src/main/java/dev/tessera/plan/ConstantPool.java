package dev.tessera.plan;

import dev.tessera.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of constants by digest, each kept once. Not thread-safe; does not own their storage. */
public final class ConstantPool {
    private final Map<String, HostTensor> tensors = new LinkedHashMap<>();

    /** Keeps a tensor, which must not change from now on, and gives its digest. */
    public String add(HostTensor tensor) {
        String digest = ConstantDigest.of(tensor);
        tensors.putIfAbsent(digest, tensor);
        return digest;
    }

    /** The tensors by digest, in the order in which they were added. */
    public Map<String, HostTensor> tensors() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}
