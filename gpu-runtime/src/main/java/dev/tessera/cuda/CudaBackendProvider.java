package dev.tessera.cuda;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaPlatform;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendProvider;
import dev.tessera.runtime.BackendUnavailableException;
import dev.tessera.runtime.Diagnosis;
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
        CudaDevice.Owner owner = new CudaDevice.Owner(platform.api(), settings, capability, new ThreadBatches());
        List<DeviceSlot> all = new ArrayList<>();
        for (Capability.Device device : capability.devices()) {
            all.add(new DeviceSlot(device, opened -> CudaDevice.open(owner, opened)));
        }
        return new CudaBackend(all, chosen(all, settings), settings);
    }

    @Override
    public Diagnosis diagnose(RuntimeOptions options) {
        Capability capability = CudaPlatform.of(options.settings()).capability();
        return new Diagnosis(
                name(),
                capability.parts().stream().map(CudaBackendProvider::part).toList(),
                capability.devices().stream().map(Capability.Device::toString).toList());
    }

    private static Diagnosis.Part part(Capability.Part part) {
        String name = switch (part.name()) {
            case DRIVER -> "driver";
            case DEVICES -> "devices";
            case CUBLAS -> "cuBLAS";
            case NVRTC -> "NVRTC";
        };
        return new Diagnosis.Part(name, part.available(), part.version(), part.file(), part.reason(), part.remedy());
    }

    private static List<DeviceSlot> chosen(List<DeviceSlot> all, CudaSettings settings) {
        if (settings.devices().isEmpty()) {
            return all;
        }
        List<DeviceSlot> chosen = new ArrayList<>();
        for (int ordinal : settings.devices()) {
            chosen.add(all.stream()
                    .filter(slot -> slot.isAt(Integer.toString(ordinal)))
                    .findFirst()
                    .orElseThrow(() -> new BackendUnavailableException("%s names device %d, and there are only %s"
                            .formatted(CudaSettings.DEVICES, ordinal, all))));
        }
        return chosen;
    }
}
