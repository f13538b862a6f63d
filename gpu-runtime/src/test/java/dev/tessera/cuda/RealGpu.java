package dev.tessera.cuda;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaPlatform;
import dev.tessera.sim.SimulatedDevice;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs the tests of a class on NVIDIA's hardware only, with all that any plan may need: the profile {@code gpu}. Where that
 * is not there they are skipped, and a line says so; with {@code -Dtessera.requireGpu=true} they fail.
 */
public final class RealGpu implements ExecutionCondition {
    private static final String REQUIRED = "tessera.requireGpu";
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(RealGpu.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> reason = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Found.class, key -> Found.look(), Found.class)
                .reason();
        if (reason.isEmpty()) {
            return ConditionEvaluationResult.enabled("there is a GPU");
        }
        if (Boolean.getBoolean(REQUIRED)) {
            throw new IllegalStateException(
                    "Cannot skip tests of a GPU, as %s is set: %s".formatted(REQUIRED, reason.get()));
        }
        return ConditionEvaluationResult.disabled(reason.get());
    }

    /** Why there is none, if there is none; said once in a process, as what there is. */
    private record Found(Optional<String> reason) {
        static Found look() {
            Capability capability = CudaPlatform.of(Map.of()).capability();
            Optional<String> reason = reason(capability);
            if (reason.isPresent()) {
                System.err.println("GPU TESTS SKIPPED: " + reason.get());
            } else {
                // Device, driver and library versions.
                System.out.println(capability);
            }
            return new Found(reason);
        }

        private static Optional<String> reason(Capability capability) {
            Optional<String> missing = capability
                    .firstMissing(Capability.EVERYTHING)
                    .map(part -> "%s; %s".formatted(part.reason(), part.remedy()));
            boolean isSimulated = capability.devices().stream()
                    .anyMatch(device -> device.name().startsWith(SimulatedDevice.NAME));
            return isSimulated ? Optional.of("the device is simulated, which says nothing of a GPU") : missing;
        }
    }
}
