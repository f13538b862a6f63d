package dev.tessera.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Runs plans in this JVM, on the backend that the settings and the machine give. Started once per JVM, by whoever comes
 * first, who also closes it. Thread-safe.
 */
public final class ExecutorRuntime implements AutoCloseable {
    private final Backend backend;
    private final @Nullable String fallbackReason;
    private final VerifiedPlans verified = new VerifiedPlans();
    private boolean isClosed;

    private ExecutorRuntime(Backend backend, @Nullable String fallbackReason) {
        this.backend = backend;
        this.fallbackReason = fallbackReason;
    }

    /**
     * Starts the runtime with the backends found under Tessera's own class loader.
     *
     * @throws BackendUnavailableException if no backend that the settings allow works here
     * @throws IllegalArgumentException if {@code spark.tessera.device} is none of auto, gpu and cpu
     */
    public static ExecutorRuntime start(RuntimeOptions options) {
        return start(options, ServiceLoader.load(BackendProvider.class, ExecutorRuntime.class.getClassLoader()));
    }

    /** As {@link #start(RuntimeOptions)}, of the backends of {@code providers}. */
    static ExecutorRuntime start(RuntimeOptions options, Iterable<BackendProvider> providers) {
        DeviceChoice choice = DeviceChoice.of(options);
        return switch (choice) {
            case CPU -> new ExecutorRuntime(open("cpu", options, providers), null);
            case GPU -> new ExecutorRuntime(openGpu(options, providers), null);
            case AUTO -> startBest(options, providers);
        };
    }

    /**
     * What this process has of what each backend on the class path needs that the settings allow.
     *
     * @throws IllegalArgumentException if {@code spark.tessera.device} is none of auto, gpu and cpu
     */
    public static List<Diagnosis> diagnose(RuntimeOptions options) {
        boolean isCpuOnly = DeviceChoice.of(options) == DeviceChoice.CPU;
        List<Diagnosis> diagnoses = new ArrayList<>();
        for (BackendProvider provider :
                ServiceLoader.load(BackendProvider.class, ExecutorRuntime.class.getClassLoader())) {
            if (provider.name().equals("cpu") || !isCpuOnly) {
                diagnoses.add(provider.diagnose(options));
            }
        }
        return diagnoses;
    }

    private static Backend openGpu(RuntimeOptions options, Iterable<BackendProvider> providers) {
        try {
            return openResilient(options, providers, true);
        } catch (BackendUnavailableException e) {
            BackendUnavailableException refusal =
                    new BackendUnavailableException("Cannot run on the GPU: %s; set %s to auto or cpu to run on the CPU"
                            .formatted(e.getMessage(), DeviceChoice.SETTING));
            refusal.initCause(e);
            throw refusal;
        }
    }

    private static ExecutorRuntime startBest(RuntimeOptions options, Iterable<BackendProvider> providers) {
        try {
            return new ExecutorRuntime(openResilient(options, providers, false), null);
        } catch (BackendUnavailableException e) {
            return new ExecutorRuntime(open("cpu", options, providers), e.getMessage());
        }
    }

    private static Backend openResilient(
            RuntimeOptions options, Iterable<BackendProvider> providers, boolean isRequired) {
        ResilientTask.Policy policy = new ResilientTask.Policy(LossPolicy.of(options), isRequired);
        boolean isPlaced = CostModel.isEnabled(options) && !isRequired;
        Backend device = open("gpu", options, providers);
        ResilientBackend resilient = new ResilientBackend(device, () -> open("cpu", options, providers), policy);
        return isPlaced
                ? new PlacingBackend(resilient, resilient::standby, CostModel.measuring(device, resilient::standby))
                : resilient;
    }

    private static Backend open(String name, RuntimeOptions options, Iterable<BackendProvider> providers) {
        for (BackendProvider provider : providers) {
            if (provider.name().equals(name)) {
                try {
                    return provider.open(options);
                } catch (LinkageError e) {
                    BackendUnavailableException unavailable = new BackendUnavailableException(
                            "a library of the %s backend does not load: %s".formatted(name, e.getMessage()));
                    unavailable.initCause(e);
                    throw unavailable;
                }
            }
        }
        throw new BackendUnavailableException("there is no %s backend on the class path".formatted(name));
    }

    /** The device, as receipts name it. */
    public String device() {
        return backend.device();
    }

    /** Why plans run on the CPU, if the settings would have let them run on a GPU. */
    public Optional<String> fallbackReason() {
        return Optional.ofNullable(fallbackReason);
    }

    /** Bytes of host memory outside the heap that open tasks hold now, all together; none once all are closed. */
    public long nativeBytes() {
        return backend.nativeBytes();
    }

    /** GPUs that failed for good, for as long as this process lives; their batches run as the settings say. */
    public int lostDevices() {
        return backend.lostDevices();
    }

    /**
     * Opens a task, which whoever asks for it closes.
     *
     * @throws dev.tessera.plan.PlanFormatException if the plan is not one that may run
     * @throws IllegalStateException if the runtime is closed
     */
    public synchronized BackendTask openTask(TaskSpec task) {
        if (isClosed) {
            throw new IllegalStateException("Cannot open a task: the runtime is closed");
        }
        VerifiedPlans.Entry plan = verified.entry(task.plan());
        return new VerifiedTask(plan, backend.openTask(task), fallbackReason);
    }

    /** Closes the backend. Idempotent; tasks must be closed by then. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            backend.close();
        }
    }
}
