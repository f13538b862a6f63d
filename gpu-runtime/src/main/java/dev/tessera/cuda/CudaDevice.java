package dev.tessera.cuda;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.kernel.KernelCache;
import dev.tessera.cuda.memory.DevicePool;
import dev.tessera.cuda.memory.PinnedPool;
import dev.tessera.cuda.memory.Releases;
import dev.tessera.cuda.memory.ResidentConstants;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.runtime.DeviceGate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One GPU of this process: its context, memory and kernels, and whether it is lost. Thread-safe. */
final class CudaDevice implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CudaDevice.class);

    private final CudaApi api;
    private final int handle;
    private final long context;
    private final String name;
    private final DevicePool memory;
    private final PinnedPool pinned;
    private final AbsorbedFailures absorbed = new AbsorbedFailures();
    private final ResidentConstants constants = new ResidentConstants();
    private final DeviceGate gate;
    private final KernelCache kernels;
    private final boolean hasBlas;
    private final Deque<Long> idleBlas = new ArrayDeque<>();
    private final ThreadBatches batchesOfThread;
    private final AtomicInteger openTasks = new AtomicInteger();
    private final AtomicReference<@Nullable String> lostBecause = new AtomicReference<>();

    /** A device whose context is the current one, with so much memory of it to use. */
    private CudaDevice(Owner owner, Context context, long cap) {
        CudaSettings settings = owner.settings;
        this.api = owner.api;
        this.batchesOfThread = owner.batchesOfThread;
        this.handle = context.handle;
        this.context = context.address;
        this.name = name(context.device);
        this.hasBlas = owner.capability.part(Capability.PartName.CUBLAS).available();
        this.memory = new DevicePool(api, cap, constants::evict, () -> absorbed.add(AbsorbedFailures.CACHES_DROPPED));
        this.pinned = new PinnedPool(api, settings.pinnedBytes());
        this.gate = new DeviceGate(cap);
        this.kernels = KernelCache.open(
                api,
                settings.kernelFolder(),
                context.device,
                owner.capability,
                () -> absorbed.add(AbsorbedFailures.COMPILED_AGAIN));
    }

    private record Context(Capability.Device device, int handle, long address) {}

    /** What the devices of a backend have in common. */
    record Owner(CudaApi api, CudaSettings settings, Capability capability, ThreadBatches batchesOfThread) {}

    static CudaDevice open(Owner owner, Capability.Device device) {
        CudaApi api = owner.api;
        int handle = api.device(device.ordinal());
        Context context = new Context(device, handle, api.retainPrimaryContext(handle));
        boolean isDone = false;
        try {
            api.setCurrentContext(context.address);
            long cap = (long) (api.memoryInUse().freeBytes() * owner.settings.memoryFraction());
            CudaDevice opened = new CudaDevice(owner, context, cap);
            isDone = true;
            return opened;
        } finally {
            if (!isDone) {
                api.releasePrimaryContext(handle);
            }
        }
    }

    /** As receipts name a device. */
    static String name(Capability.Device device) {
        return "gpu (%s, %s)".formatted(device.name(), device.uuid());
    }

    String name() {
        return name;
    }

    CudaApi api() {
        return api;
    }

    DevicePool memory() {
        return memory;
    }

    PinnedPool pinned() {
        return pinned;
    }

    ResidentConstants constants() {
        return constants;
    }

    DeviceGate gate() {
        return gate;
    }

    KernelCache kernels() {
        return kernels;
    }

    int openTasks() {
        return openTasks.get();
    }

    /**
     * Makes this the device of the calling thread.
     *
     * @throws DeviceFailureException if the device is lost
     */
    void enter() {
        requireUsable();
        try {
            api.setCurrentContext(context);
        } catch (CudaException e) {
            throw failure(e);
        }
    }

    private void requireUsable() {
        String reason = lostBecause.get();
        if (reason != null) {
            throw new DeviceFailureException(DeviceFailureException.Kind.LOST, reason);
        }
    }

    boolean isLost() {
        return lostBecause.get() != null;
    }

    /** What a failed call means to the batch; a sticky one also that the device is lost. */
    DeviceFailureException failure(CudaException e) {
        String message = "%s: %s".formatted(name, e.getMessage());
        return switch (e.kind()) {
            case OUT_OF_MEMORY -> new DeviceFailureException(DeviceFailureException.Kind.OUT_OF_MEMORY, message, e);
            case UNSUPPORTED, NOT_READY, OTHER -> {
                boolean isGone = isLost() || isLostToTheDriver();
                yield isGone
                        ? lost(message, e)
                        : new DeviceFailureException(DeviceFailureException.Kind.UNSUPPORTED, message, e);
            }
            case STICKY -> lost(message, e);
        };
    }

    private DeviceFailureException lost(String message, CudaException e) {
        lose(message, e);
        return new DeviceFailureException(DeviceFailureException.Kind.LOST, String.valueOf(lostBecause.get()), e);
    }

    /** Asks the driver: of a device that is lost, a library may only say that it does not work. */
    private boolean isLostToTheDriver() {
        try {
            api.setCurrentContext(context);
            api.memoryInUse();
            return false;
        } catch (CudaException e) {
            return e.kind() == CudaException.Kind.STICKY;
        }
    }

    AbsorbedFailures absorbed() {
        return absorbed;
    }

    /**
     * Notes a failure that costs no result: of giving something back, or of a measurement.
     *
     * @param instead what {@link AbsorbedFailures} counts
     */
    void tolerate(CudaException e, String instead) {
        absorbed.add(instead);
        LOG.warn("A call failed that no result depends on: {}", failure(e).getMessage());
    }

    private void lose(String why, RuntimeException cause) {
        if (lostBecause.compareAndSet(null, "the GPU is lost: " + why)) {
            LOG.error("The GPU {} is lost to this process", name, cause);
            memory.abandon();
            pinned.abandon();
        }
    }

    /**
     * Waits until nothing runs on a stream, so that the memory of its work may be used for other things. If that cannot be
     * known, the device is lost, and its memory with it.
     */
    void drain(long stream) {
        if (isLost()) {
            return;
        }
        try {
            api.setCurrentContext(context);
            api.synchronizeStream(stream);
        } catch (CudaException first) {
            LOG.warn("Cannot wait for a stream of {}; waiting for all", name, first);
            try {
                api.setCurrentContext(context);
                api.synchronizeContext();
            } catch (CudaException e) {
                e.addSuppressed(first);
                lose("%s: %s, so that what it is doing is unknown".formatted(name, e.getMessage()), e);
            }
        }
    }

    /** What the calling thread has in flight, here and elsewhere. */
    ThreadBatches batchesOfThread() {
        return batchesOfThread;
    }

    void countOpenTask(int change) {
        openTasks.addAndGet(change);
    }

    /** A cuBLAS handle for one task, or 0 if there is no cuBLAS. */
    long takeBlas() {
        if (!hasBlas) {
            return 0;
        }
        synchronized (idleBlas) {
            Long idle = idleBlas.poll();
            if (idle != null) {
                return idle;
            }
        }
        return api.createBlas();
    }

    void giveBackBlas(long blas) {
        if (blas != 0) {
            synchronized (idleBlas) {
                idleBlas.push(blas);
            }
        }
    }

    /** Frees all; no task is open. What a lost device has is left to the end of the process. */
    @Override
    public void close() {
        assert gate.available() == gate.capacity() : "a batch still holds a permit of " + name;
        if (isLost()) {
            return;
        }
        Releases releases = new Releases();
        releases.attempt(() -> api.setCurrentContext(context));
        synchronized (idleBlas) {
            idleBlas.forEach(blas -> releases.attempt(() -> api.destroyBlas(blas)));
            idleBlas.clear();
        }
        releases.attempt(kernels::close);
        releases.attempt(constants::close);
        assert memory.usedBytes() == 0 : "%d bytes of %s are still in use".formatted(memory.usedBytes(), name);
        releases.attempt(memory::close);
        releases.attempt(pinned::close);
        releases.attempt(() -> api.setCurrentContext(0));
        releases.attempt(() -> api.releasePrimaryContext(handle));
        try {
            releases.finish();
        } catch (CudaException e) {
            LOG.warn("Cannot free all of {}", name, e);
        }
    }
}
