package dev.tessera.runtime;

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
}
