package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaException;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.runtime.TaskSpec;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The backend of the GPUs of this process. A task goes to the device with the fewest open ones. Thread-safe. */
final class CudaBackend implements Backend {
    private final List<CudaDevice> devices;
    private final CudaSettings settings;

    CudaBackend(List<CudaDevice> devices, CudaSettings settings) {
        this.devices = List.copyOf(devices);
        this.settings = settings;
    }

    @Override
    public String device() {
        return devices.stream().map(CudaDevice::name).collect(Collectors.joining(", "));
    }

    @Override
    public BackendTask openTask(TaskSpec task) {
        CudaDevice device = devices.stream()
                .filter(candidate -> !candidate.isLost())
                .min(Comparator.comparingInt(CudaDevice::openTasks))
                .orElseThrow(() -> new DeviceFailureException(
                        DeviceFailureException.Kind.LOST, "every GPU of this process is lost: " + device()));
        device.enter();
        try {
            return new CudaTask(device, task, settings);
        } catch (CudaException e) {
            throw device.failure(e);
        }
    }

    @Override
    public long nativeBytes() {
        return devices.stream().mapToLong(device -> device.pinned().usedBytes()).sum();
    }

    @Override
    public void close() {
        devices.forEach(CudaDevice::close);
    }
}
