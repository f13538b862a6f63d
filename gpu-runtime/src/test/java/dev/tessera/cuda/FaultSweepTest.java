package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever call of the driver or cuBLAS fails, whichever operation the device fails at: the rows are the same, nothing
 * leaks, and the receipt says so. A sample of all points; with the profile {@code sweep}, every one.
 */
@ExtendWith(SimulatedCuda.class)
class FaultSweepTest {
    private static final boolean IS_FULL = "full".equals(System.getProperty("tessera.sweep"));

    private static final int INVALID_VALUE = 1;
    private static final int OUT_OF_MEMORY = 2;
    private static final int ILLEGAL_ADDRESS = 700;

    /** What gives something back: where it fails, that is not given back, and mostly after the last receipt. */
    private static final Set<String> FREEING = Set.of(
            "cuMemFree",
            "cuMemFreeHost",
            "cuStreamDestroy",
            "cuEventDestroy",
            "cuModuleUnload",
            "cublasDestroy",
            "cuDevicePrimaryCtxRelease");

    /** What comes before anything else on a device, giving back included. */
    private static final String ENTERING = "cuCtxSetCurrent";

    @TempDir
    static Path kernels;

    private static RuntimeOptions options;

    @BeforeAll
    static void makeOptions() {
        options = PlanTrial.options("auto", kernels, Map.of());
    }

    static List<PlanTrial> trials() {
        if (IS_FULL) {
            return SamplePlans.all().stream()
                    .map(sample -> new PlanTrial(sample, 1, 33, 0, 70, 2))
                    .toList();
        }
        return List.of(
                new PlanTrial(SamplePlans.denseLayer(), 3, 33, 0, 70),
                new PlanTrial(SamplePlans.layerNorm(), 3, 33, 1, 40),
                new PlanTrial(SamplePlans.gatherOfParameter(), 3, 33, 1, 40),
                new PlanTrial(SamplePlans.concatenation(), 3, 33, 1, 40));
    }

    /** Runs the trial in a runtime of its own, which may start on the CPU if the device fails by then. */
    private static Outcome run(PlanTrial trial) {
        String fallback;
        Receipt receipt;
        try (ExecutorRuntime runtime = ExecutorRuntime.start(options)) {
            fallback = runtime.fallbackReason().orElse("");
            receipt = trial.run(runtime);
            assertThat(runtime.nativeBytes()).as("bytes of closed tasks").isZero();
        }
        return new Outcome(receipt, fallback);
    }

    private record Outcome(Receipt receipt, String fallback) {
        boolean isMentioned() {
            return !fallback.isEmpty()
                    || !receipt.recoveries().isEmpty()
                    || !receipt.fallbacksByReason().isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("trials")
    void noFailedCallLosesRowsOrMemory(PlanTrial trial, SimulatedDevice device) {
        Map<String, Long> calls = callsOf(trial, device);
        List<String> failures = new ArrayList<>();
        AtomicInteger runs = new AtomicInteger();
        int point = 0;
        for (Map.Entry<String, Long> call : calls.entrySet()) {
            for (int nth = 1; nth <= call.getValue(); nth++) {
                for (int code : new int[] {OUT_OF_MEMORY, INVALID_VALUE, ILLEGAL_ADDRESS}) {
                    if (IS_FULL || point++ % 41 == 0) {
                        runs.incrementAndGet();
                        failCall(trial, device, call.getKey(), nth, code, failures);
                    }
                }
            }
        }
        report("%s: %d failed calls, %d wrong%n".formatted(trial, runs.get(), failures.size()));
        assertThat(failures).as(String.join("\n", failures)).isEmpty();
    }

    private static void failCall(
            PlanTrial trial, SimulatedDevice device, String function, int nth, int code, List<String> failures) {
        String point = "%s, call %d of %s returns %d".formatted(trial, nth, function, code);
        device.reset();
        device.failCall(function, nth, code);
        try {
            Outcome outcome = run(trial);
            if (device.counter("injectedFaults") != 1) {
                throw new AssertionError("the call was not made");
            }
            requireNoFault(device);
            if (code != ILLEGAL_ADDRESS && !FREEING.contains(function)) {
                SimulatedBackend.requireNothingLeft(device);
            }
            if (!FREEING.contains(function) && !function.equals(ENTERING)) {
                assertThat(outcome.isMentioned()).as("in %s", outcome).isTrue();
            }
        } catch (RuntimeException | AssertionError e) {
            failures.add(point + ": " + summary(e));
            report("WRONG: " + failures.get(failures.size() - 1));
        }
    }

    private static void report(String line) {
        if (IS_FULL) {
            System.out.print(line);
        }
    }

    /** What went wrong and where, short enough to read of hundreds of points. */
    private static String summary(Throwable failure) {
        StringBuilder text = new StringBuilder(String.valueOf(failure));
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().startsWith("dev.tessera.")
                    && !frame.getClassName().contains("FaultSweep")) {
                text.append("\n    at ").append(frame);
            }
        }
        for (Throwable more : failure.getSuppressed()) {
            text.append("\n    suppressed ").append(summary(more));
        }
        return text.append('\n').toString();
    }

    private static Map<String, Long> callsOf(PlanTrial trial, SimulatedDevice device) {
        run(trial);
        device.reset();
        Outcome outcome = run(trial);
        assertThat(outcome.isMentioned())
                .as("anything but the GPU in %s", outcome)
                .isFalse();
        assertThat(device.counter("operations")).isPositive();
        Map<String, Long> calls = new TreeMap<>();
        device.counters().forEach((name, count) -> {
            if (name.startsWith("call.")) {
                calls.put(name.substring("call.".length()), count);
            }
        });
        return calls;
    }

    private static void requireNoFault(SimulatedDevice device) {
        assertThat(device.faults()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("trials")
    void aDeviceThatFailsForGoodAtAnyOperationLosesNoRows(PlanTrial trial, SimulatedDevice device) {
        run(trial);
        device.reset();
        run(trial);
        long operations = device.counter("operations");
        List<String> failures = new ArrayList<>();
        int runs = 0;
        for (int nth = 1; nth <= operations; nth += IS_FULL ? 1 : 7) {
            for (boolean isLost : new boolean[] {false, true}) {
                device.reset();
                if (isLost) {
                    device.loseDevice(nth);
                } else {
                    device.failOperation(nth, ILLEGAL_ADDRESS);
                }
                runs++;
                try {
                    Outcome outcome = run(trial);
                    assertThat(device.counter("faults")).isEqualTo(1);
                    assertThat(outcome.isMentioned()).as("in %s", outcome).isTrue();
                } catch (RuntimeException | AssertionError e) {
                    failures.add("%s, operation %d of %d, %s: %s"
                            .formatted(trial, nth, operations, isLost ? "lost" : "sticky", summary(e)));
                }
            }
        }
        report("%s: %d failed operations, %d wrong%n".formatted(trial, runs, failures.size()));
        assertThat(failures).as(String.join("\n", failures)).isEmpty();
    }
}
