package dev.tessera.cpu;

import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendProvider;
import dev.tessera.runtime.RuntimeOptions;

/** Makes the CPU backend, which every machine has. */
public final class CpuBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Backend open(RuntimeOptions options) {
        return CpuBackend.open(options);
    }
}
