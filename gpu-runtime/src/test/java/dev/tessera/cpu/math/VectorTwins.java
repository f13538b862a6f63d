package dev.tessera.cpu.math;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The Vector API twins, for tests; a JVM without the module skips the test. */
final class VectorTwins {
    private VectorTwins() {}

    static FloatPrimitives floats() throws ReflectiveOperationException {
        return twin("VectorFloatPrimitives", FloatPrimitives.class);
    }

    static DoublePrimitives doubles() throws ReflectiveOperationException {
        return twin("VectorDoublePrimitives", DoublePrimitives.class);
    }

    private static <T> T twin(String name, Class<T> type) throws ReflectiveOperationException {
        assumeVectorApi();
        return instance(name, type);
    }

    static void assumeVectorApi() {
        assumeTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), "no Vector API in this JVM");
    }

    /** Without JUnit on the class path. */
    static <T> T instance(String name, Class<T> type) throws ReflectiveOperationException {
        return type.cast(Class.forName("dev.tessera.cpu.math.vector." + name)
                .getDeclaredConstructor()
                .newInstance());
    }
}
