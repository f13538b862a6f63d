package dev.tessera.catalyst;

import java.util.List;

/** The types of Tessera that Spark writes with its own serializer: what it broadcasts. Tasks are always Java's. */
public final class ShippedTypes {
    private ShippedTypes() {}

    public static List<Class<?>> all() {
        return List.of(FunctionCargo.class);
    }
}
