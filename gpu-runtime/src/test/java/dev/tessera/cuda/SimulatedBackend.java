package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaPlatform;
import dev.tessera.runtime.Backend;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Backends on the simulated device whose calls a test may change, or that have less than there is. */
final class SimulatedBackend {
    private final Map<String, String> named;

    SimulatedBackend() {
        named = Map.of(
                "spark.tessera.gpu.libraryPath", SimulatedCuda.libraryFolder().toString());
    }

    /** The way to the device. */
    CudaApi api() {
        return CudaPlatform.of(named).api();
    }

    Capability capability() {
        return CudaPlatform.of(named).capability();
    }

    /** A backend of all simulated devices. */
    Backend open(Path kernels, UnaryOperator<CudaApi> change, UnaryOperator<Capability> has) {
        CudaPlatform platform = CudaPlatform.of(named);
        Capability capability = has.apply(platform.capability());
        CudaApi api = change.apply(platform.api());
        CudaSettings settings = CudaSettings.of(Map.of(CudaSettings.KERNEL_FOLDER, kernels.toString()));
        CudaDevice.Owner owner = new CudaDevice.Owner(api, settings, capability, new ThreadBatches());
        List<DeviceSlot> slots = new ArrayList<>();
        for (Capability.Device device : capability.devices()) {
            slots.add(new DeviceSlot(device, opened -> CudaDevice.open(owner, opened)));
        }
        return new CudaBackend(slots, slots, settings);
    }

    static void requireNothingLeft(SimulatedDevice device) {
        assertThat(device.leaks()).isEmpty();
        assertThat(device.leakReports()).isEmpty();
    }

    /** The same machine without one of its libraries. */
    static Capability without(Capability capability, Capability.PartName missing) {
        List<Capability.Part> parts = new ArrayList<>();
        for (Capability.Part part : capability.parts()) {
            parts.add(
                    part.name() == missing
                            ? new Capability.Part(missing, false, "", "", missing + " is hidden", "show it")
                            : part);
        }
        return new Capability(parts, capability.devices());
    }
}
