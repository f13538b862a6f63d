package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaException;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.runtime.TaskSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The backend of the GPUs of this process. A task goes to one of those that it was given, if none to one of those that the
 * settings name: the one with the fewest open tasks. Thread-safe.
 */
final class CudaBackend implements Backend {
    private final List<DeviceSlot> all;
    private final List<DeviceSlot> chosen;
    private final CudaSettings settings;

    /**
     * A backend that closes its devices.
     *
     * @param all that the machine has
     * @param chosen those of them for tasks that were given none
     */
    CudaBackend(List<DeviceSlot> all, List<DeviceSlot> chosen, CudaSettings settings) {
        this.all = List.copyOf(all);
        this.chosen = List.copyOf(chosen);
        this.settings = settings;
    }

    @Override
    public String device() {
        return chosen.stream().map(DeviceSlot::toString).collect(Collectors.joining(", "));
    }

    @Override
    public BackendTask openTask(TaskSpec task) {
        List<DeviceSlot> candidates = task.deviceAddresses().isEmpty() ? chosen : given(task.deviceAddresses());
        List<DeviceSlot> usable = candidates.stream()
                .filter(slot -> !slot.isLost())
                .sorted(Comparator.comparingInt(DeviceSlot::openTasks))
                .toList();
        DeviceFailureException failure = new DeviceFailureException(
                DeviceFailureException.Kind.LOST, "every GPU that the task may use is lost: " + candidates);
        for (DeviceSlot slot : usable) {
            try {
                return open(slot, task);
            } catch (DeviceFailureException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private List<DeviceSlot> given(List<String> addresses) {
        Set<String> unknown = new TreeSet<>(addresses);
        all.forEach(slot -> unknown.removeIf(slot::isAt));
        if (!unknown.isEmpty()) {
            throw new DeviceFailureException(
                    DeviceFailureException.Kind.UNSUPPORTED,
                    ("Spark gave the task the GPUs %s, and there are only %s here; let the discovery script print their"
                                    + " numbers or UUIDs as nvidia-smi does")
                            .formatted(addresses, all));
        }
        return all.stream()
                .filter(slot -> addresses.stream().anyMatch(slot::isAt))
                .toList();
    }

    private BackendTask open(DeviceSlot slot, TaskSpec task) {
        CudaDevice device;
        try {
            device = slot.opened();
        } catch (CudaException e) {
            throw new DeviceFailureException(
                    DeviceFailureException.Kind.UNSUPPORTED,
                    "%s cannot be opened: %s".formatted(slot, e.getMessage()),
                    e);
        }
        device.enter();
        try {
            return new CudaTask(device, task, settings);
        } catch (CudaException e) {
            throw device.failure(e);
        }
    }

    @Override
    public long nativeBytes() {
        return all.stream().mapToLong(DeviceSlot::pinnedBytes).sum();
    }

    @Override
    public int lostDevices() {
        return (int) all.stream().filter(DeviceSlot::isLost).count();
    }

    @Override
    public void close() {
        all.forEach(DeviceSlot::close);
    }
}
