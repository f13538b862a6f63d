package dev.tessera.runtime;

import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The backend of a JVM, for all its tasks. Thread-safe; closed by who started it, after its tasks. */
public final class ExecutorRuntime implements AutoCloseable {
    private static final String DEVICE = "spark.tessera.device";
    private static final String AUTO = "auto";

    private final Backend backend;

    private ExecutorRuntime(Backend backend) {
        this.backend = backend;
    }

    /**
     * Opens the backend that {@code spark.tessera.device} names, or with {@code auto} the first that can run here.
     *
     * @throws BackendUnavailableException if it cannot run here; the message says why
     */
    public static ExecutorRuntime start(RuntimeOptions options) {
        String device = options.settings().getOrDefault(DEVICE, AUTO);
        StringBuilder reasons = new StringBuilder();
        for (BackendProvider provider :
                ServiceLoader.load(BackendProvider.class, ExecutorRuntime.class.getClassLoader())) {
            if (!device.equals(AUTO) && !device.equals(provider.name())) {
                continue;
            }
            try {
                return new ExecutorRuntime(provider.open(options));
            } catch (BackendUnavailableException e) {
                reasons.append("; ").append(provider.name()).append(": ").append(e.getMessage());
            }
        }
        String known = ServiceLoader.load(BackendProvider.class, ExecutorRuntime.class.getClassLoader()).stream()
                .map(provider -> provider.get().name())
                .collect(Collectors.joining(", "));
        throw new BackendUnavailableException(
                "Cannot run on device '%s': known are auto, %s%s; set %s to one that works"
                        .formatted(device, known, reasons, DEVICE));
    }

    /** Opens a task; see {@link Backend#openTask}. */
    public BackendTask openTask(TaskSpec task) {
        return backend.openTask(task);
    }

    /** The device, as receipts name it. */
    public String device() {
        return backend.device();
    }

    @Override
    public void close() {
        backend.close();
    }
}
