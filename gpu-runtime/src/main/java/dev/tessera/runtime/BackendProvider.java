package dev.tessera.runtime;

import java.util.List;

/** Makes a backend, found with {@link java.util.ServiceLoader} under Tessera's own class loader. */
public interface BackendProvider {
    /** {@code cpu} or {@code gpu}, as the configuration names it. */
    String name();

    /**
     * Opens the backend.
     *
     * @throws BackendUnavailableException with the reason, if this machine cannot run it
     */
    Backend open(RuntimeOptions options);

    /** What this process has of what the backend needs of a machine; by default it needs nothing. Opens no device. */
    default Diagnosis diagnose(RuntimeOptions options) {
        return new Diagnosis(name(), List.of(), List.of());
    }
}
