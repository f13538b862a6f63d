package dev.tessera.cuda;

import dev.tessera.cuda.driver.Capability;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A GPU of this machine that is opened when the first task comes to it: a context takes memory of its device, and this
 * process may have been given one of many. Thread-safe; closing it closes the device.
 */
final class DeviceSlot implements AutoCloseable {
    private final Capability.Device device;
    private final Function<Capability.Device, CudaDevice> open;
    private @Nullable CudaDevice opened;

    DeviceSlot(Capability.Device device, Function<Capability.Device, CudaDevice> open) {
        this.device = device;
        this.open = open;
    }

    /** Whether an address, as a user or a cluster manager has it, is this GPU's: its number or its UUID. */
    boolean isAt(String address) {
        String text = address.strip().toLowerCase(Locale.ROOT);
        return text.equals(Integer.toString(device.ordinal()))
                || text.equals(device.uuid().toLowerCase(Locale.ROOT));
    }

    /** The device, opened if it is not; a failure to open it is not kept. */
    synchronized CudaDevice opened() {
        CudaDevice known = opened;
        if (known == null) {
            known = open.apply(device);
            opened = known;
        }
        return known;
    }

    synchronized boolean isLost() {
        return opened != null && opened.isLost();
    }

    synchronized int openTasks() {
        return opened == null ? 0 : opened.openTasks();
    }

    /** Page-locked bytes that open tasks hold. */
    synchronized long pinnedBytes() {
        return opened == null ? 0 : opened.pinned().usedBytes();
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }

    @Override
    public String toString() {
        return CudaDevice.name(device);
    }
}
