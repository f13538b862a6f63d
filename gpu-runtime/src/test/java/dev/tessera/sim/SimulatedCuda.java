package dev.tessera.sim;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Runs the tests of a class against the simulated CUDA device: {@code @ExtendWith(SimulatedCuda.class)}. Builds and
 * loads its libraries before JCuda looks for any, resets the device before each test, and gives tests a
 * {@link SimulatedDevice} as a parameter. Where the libraries cannot be built, all such tests are skipped, and one line
 * at the end says how many.
 */
public final class SimulatedCuda implements ExecutionCondition, BeforeEachCallback, ParameterResolver {
    /** Set where tests that need the device must fail and not be skipped. */
    private static final String REQUIRED_VARIABLE = "TESSERA_SIM_REQUIRED";

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SimulatedCuda.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        SimulatedLibraries libraries = libraries(context);
        if (libraries.arePresent()) {
            return ConditionEvaluationResult.enabled("the simulated CUDA device is there");
        }
        if (System.getenv(REQUIRED_VARIABLE) != null) {
            throw new IllegalStateException(
                    "Cannot skip tests, as %s is set: %s".formatted(REQUIRED_VARIABLE, libraries.reason()));
        }
        if (context.getTestMethod().isEmpty()) {
            context.getTestClass().ifPresent(tests -> skipped(context).count(tests));
        }
        return ConditionEvaluationResult.disabled(libraries.reason());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        device(context).reset();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SimulatedDevice.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return device(context);
    }

    /** The folder with both libraries, for {@code spark.tessera.gpu.libraryPath}. */
    public static Path libraryFolder() {
        return SimulatedDevice.libraryFolder();
    }

    private static SimulatedDevice device(ExtensionContext context) {
        return store(context)
                .getOrComputeIfAbsent(
                        SimulatedDevice.class,
                        key -> {
                            libraries(context).load();
                            return new SimulatedDevice();
                        },
                        SimulatedDevice.class);
    }

    private static SimulatedLibraries libraries(ExtensionContext context) {
        return store(context)
                .getOrComputeIfAbsent(
                        SimulatedLibraries.class, key -> SimulatedLibraries.find(), SimulatedLibraries.class);
    }

    private static Skipped skipped(ExtensionContext context) {
        return store(context)
                .getOrComputeIfAbsent(
                        Skipped.class, key -> new Skipped(libraries(context).reason()), Skipped.class);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE);
    }

    /** Closed with the root of all tests. */
    private static final class Skipped implements AutoCloseable {
        private final AtomicLong tests = new AtomicLong();
        private final String reason;

        Skipped(String reason) {
            this.reason = reason;
        }

        void count(Class<?> testClass) {
            tests.addAndGet(Arrays.stream(testClass.getDeclaredMethods())
                    .filter(Skipped::isTest)
                    .count());
        }

        /** The module of JUnit that knows all annotations of annotations is no dependency of this one. */
        private static boolean isTest(Method method) {
            return Arrays.stream(method.getAnnotations())
                    .map(Annotation::annotationType)
                    .anyMatch(type -> type == Test.class || type.isAnnotationPresent(TestTemplate.class));
        }

        @Override
        public void close() {
            System.err.printf("SIMULATED CUDA DEVICE: %d TESTS SKIPPED: %s%n", tests.get(), reason);
        }
    }
}
