package dev.tessera.tensor;

import java.util.Map;
import java.util.TreeMap;

/** The sizes that one batch gives to the named unknowns of a plan. Immutable; equal when the sizes are. */
public record DimBinding(Map<String, Long> sizes) {
    public static final DimBinding EMPTY = new DimBinding(Map.of());

    public DimBinding {
        sizes = Map.copyOf(sizes);
    }

    public boolean binds(String name) {
        return sizes.containsKey(name);
    }

    /**
     * The size bound to {@code name}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public long size(String name) {
        Long size = sizes.get(name);
        if (size == null) {
            throw new IllegalArgumentException("Cannot evaluate dim '%s': it is not bound; bound are %s"
                    .formatted(name, new TreeMap<>(sizes).keySet()));
        }
        return size;
    }

    @Override
    public String toString() {
        return new TreeMap<>(sizes).toString();
    }
}
