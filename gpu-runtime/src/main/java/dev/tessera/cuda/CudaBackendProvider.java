package dev.tessera.cuda;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.driver.CudaPlatform;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendProvider;
import dev.tessera.runtime.BackendUnavailableException;
import dev.tessera.runtime.RuntimeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the backend of NVIDIA GPUs, where there are any that can run kernels. */
public final class CudaBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "gpu";
    }

    @Override
    public Backend open(RuntimeOptions options) {
        CudaSettings settings = CudaSettings.of(options.settings());
        CudaPlatform platform = CudaPlatform.of(options.settings());
        Capability capability = platform.capability();
        Optional<Capability.Part> missing = capability.firstMissing(Capability.COMPILED_KERNELS);
        if (missing.isPresent()) {
            throw new BackendUnavailableException(
                    "%s; %s".formatted(missing.get().reason(), missing.get().remedy()));
        }
        List<CudaDevice> devices = new ArrayList<>();
        boolean isDone = false;
        try {
            for (Capability.Device device : chosen(capability, settings)) {
                devices.add(CudaDevice.open(platform.api(), device, settings, capability));
            }
            isDone = true;
            return new CudaBackend(devices, settings);
        } catch (CudaException e) {
            BackendUnavailableException unavailable =
                    new BackendUnavailableException("a GPU cannot be opened: " + e.getMessage());
            unavailable.initCause(e);
            throw unavailable;
        } finally {
            if (!isDone) {
                devices.forEach(CudaDevice::close);
            }
        }
    }

    private static List<Capability.Device> chosen(Capability capability, CudaSettings settings) {
        if (settings.devices().isEmpty()) {
            return capability.devices();
        }
        List<Capability.Device> chosen = new ArrayList<>();
        for (int ordinal : settings.devices()) {
            chosen.add(capability.devices().stream()
                    .filter(device -> device.ordinal() == ordinal)
                    .findFirst()
                    .orElseThrow(() -> new BackendUnavailableException("%s names device %d, and there are only %s"
                            .formatted(CudaSettings.DEVICES, ordinal, capability.devices()))));
        }
        return chosen;
    }
}
