package dev.tessera.runtime;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A backend whose failures another one stands in for, which is opened when it is first needed. Thread-safe. */
final class ResilientBackend implements Backend {
    private final Backend device;
    private final Supplier<Backend> openStandby;
    private final ResilientTask.Policy policy;
    private @Nullable Backend standby;

    ResilientBackend(Backend device, Supplier<Backend> openStandby, ResilientTask.Policy policy) {
        this.device = device;
        this.openStandby = openStandby;
        this.policy = policy;
    }

    @Override
    public String device() {
        return device.device();
    }

    @Override
    public BackendTask openTask(TaskSpec task) {
        return ResilientTask.open(device, task, () -> standby().openTask(task), policy);
    }

    /** The backend that stands in, opened if it was not; closed with this one. */
    synchronized Backend standby() {
        if (standby == null) {
            standby = openStandby.get();
        }
        return standby;
    }

    @Override
    public synchronized long nativeBytes() {
        return device.nativeBytes() + (standby == null ? 0 : standby.nativeBytes());
    }

    @Override
    public int lostDevices() {
        return device.lostDevices();
    }

    @Override
    public synchronized void close() {
        device.close();
        if (standby != null) {
            standby.close();
        }
    }
}
