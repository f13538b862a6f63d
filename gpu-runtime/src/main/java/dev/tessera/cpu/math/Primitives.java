package dev.tessera.cpu.math;

import java.util.Objects;

/**
 * The primitives that a process computes with: plain Java at first, the Vector API as soon as it is compiled, where the
 * module {@code jdk.incubator.vector} is there and its self-test passes. Safe for any number of threads; closed by the
 * backend that started it.
 *
 * <p>Before C2 has compiled it, Vector API code is a hundred times slower than plain loops. So a thread in the background
 * calls it until it is fast, and only then {@link #current} changes. The two agree within the bounds of the primitives;
 * a task that wants one and the same throughout keeps the {@link Choice} it began with.
 */
public final class Primitives implements AutoCloseable {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String VECTOR_PACKAGE = "dev.tessera.cpu.math.vector.";

    private volatile Choice current;
    private volatile boolean closed;

    /** One set of primitives and what it is, for reports. */
    public record Choice(FloatPrimitives floats, DoublePrimitives doubles, SmallProducts products, String description) {
        public Choice {
            Objects.requireNonNull(floats);
            Objects.requireNonNull(doubles);
            Objects.requireNonNull(products);
            Objects.requireNonNull(description);
        }

        static Choice plain(String reason) {
            return new Choice(
                    PlainFloatPrimitives.INSTANCE,
                    PlainDoublePrimitives.INSTANCE,
                    PlainSmallProducts.INSTANCE,
                    "plain Java (%s)".formatted(reason));
        }
    }

    private Primitives(Choice first) {
        this.current = first;
    }

    /** The plain primitives, for good. */
    public static Primitives plain() {
        return new Primitives(Choice.plain("by choice"));
    }

    /** The plain primitives, and the Vector API once it is warm. */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing waits for the warmer; it only should not slow the tasks.
    public static Primitives start() {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return new Primitives(Choice.plain("this JVM runs without --add-modules " + VECTOR_MODULE));
        }
        Primitives primitives = new Primitives(Choice.plain("the Vector API is still warming up"));
        Thread warmer = new Thread(primitives::warmAndSwitch, "tessera-vector-warmer");
        warmer.setDaemon(true);
        warmer.setPriority(Thread.MIN_PRIORITY);
        warmer.start();
        return primitives;
    }

    /** The primitives to use from now on; a volatile read. */
    public Choice current() {
        return current;
    }

    public FloatPrimitives floats() {
        return current.floats();
    }

    public DoublePrimitives doubles() {
        return current.doubles();
    }

    /** Which primitives are in use, and if plain Java, why. */
    public String describe() {
        return current.description();
    }

    /** Stops the warming at its next block. What is current stays usable. */
    @Override
    public void close() {
        closed = true;
    }

    private void warmAndSwitch() {
        try {
            FloatPrimitives floats = instance("VectorFloatPrimitives", FloatPrimitives.class);
            SmallProducts products = instance("VectorSmallProducts", SmallProducts.class);
            DoublePrimitives doubles = instance("VectorDoublePrimitives", DoublePrimitives.class);
            FloatWarmUp ofFloats = new FloatWarmUp(floats);
            DoubleWarmUp ofDoubles = new DoubleWarmUp(doubles);
            ProductWarmUp ofProducts = new ProductWarmUp(products);
            if (!ofFloats.run(() -> closed) || !ofDoubles.run(() -> closed) || !ofProducts.run(() -> closed)) {
                current = Choice.plain("closed before the Vector API was warm");
                return;
            }
            boolean isRight = ofFloats.agreesWith(PlainFloatPrimitives.INSTANCE)
                    && ofDoubles.agreesWith(PlainDoublePrimitives.INSTANCE)
                    && ofProducts.isRight();
            current = isRight
                    ? new Choice(floats, doubles, products, floats.toString())
                    : Choice.plain("the Vector API failed its self-test");
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            // Whatever an incubating module does, plain Java goes on.
            current = Choice.plain("the Vector API cannot be used: " + e);
        }
    }

    private static <T> T instance(String name, Class<T> type) throws ReflectiveOperationException {
        return Class.forName(VECTOR_PACKAGE + name)
                .asSubclass(type)
                .getDeclaredConstructor()
                .newInstance();
    }
}
