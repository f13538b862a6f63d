package dev.tessera.cuda;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.kernel.KernelCache;
import dev.tessera.cuda.memory.DevicePool;
import dev.tessera.cuda.memory.PinnedPool;
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
    private final ResidentConstants constants = new ResidentConstants();
    private final DeviceGate gate;
    private final KernelCache kernels;
    private final boolean hasBlas;
    private final Deque<Long> idleBlas = new ArrayDeque<>();
    private final ThreadLocal<Deque<InFlight>> batchesOfThread = ThreadLocal.withInitial(ArrayDeque::new);
    private final AtomicInteger openTasks = new AtomicInteger();
    private final AtomicReference<@Nullable String> lostBecause = new AtomicReference<>();

    private CudaDevice(CudaApi api, Capability.Device device, CudaSettings settings, Capability capability) {
        this.api = api;
        this.handle = api.device(device.ordinal());
        this.context = api.retainPrimaryContext(handle);
        this.name = name(device);
        this.hasBlas = capability.part(Capability.PartName.CUBLAS).available();
        api.setCurrentContext(context);
        long cap = (long) (api.memoryInUse().freeBytes() * settings.memoryFraction());
        this.memory = new DevicePool(api, cap, constants::evict);
        this.pinned = new PinnedPool(api, settings.pinnedBytes());
        this.gate = new DeviceGate(cap);
        this.kernels = KernelCache.open(api, settings.kernelFolder(), device, capability);
    }

    static CudaDevice open(CudaApi api, Capability.Device device, CudaSettings settings, Capability capability) {
        return new CudaDevice(api, device, settings, capability);
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
            case UNSUPPORTED, NOT_READY, OTHER ->
                new DeviceFailureException(DeviceFailureException.Kind.UNSUPPORTED, message, e);
            case STICKY -> {
                if (lostBecause.compareAndSet(null, "the GPU is lost: " + message)) {
                    LOG.error("The GPU {} is lost to this process", name, e);
                }
                yield new DeviceFailureException(
                        DeviceFailureException.Kind.LOST, String.valueOf(lostBecause.get()), e);
            }
        };
    }

    /** Keeps a batch that the calling thread is starting in mind until it is complete. */
    void addBatchOfThread(InFlight batch) {
        Deque<InFlight> batches = batchesOfThread.get();
        batches.removeIf(InFlight::isComplete);
        batches.add(batch);
    }

    /** Completes all that the calling thread has in flight, of whichever task; a failure is told to who awaits it. */
    void finishBatchesOfThread() {
        batchesOfThread.get().forEach(InFlight::finishIfStarted);
    }

    /** A cuBLAS handle for one task, or 0 if there is no cuBLAS. */
    long takeBlas() {
        openTasks.incrementAndGet();
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
        openTasks.decrementAndGet();
        if (blas != 0) {
            synchronized (idleBlas) {
                idleBlas.push(blas);
            }
        }
    }

    /** Frees all; no task is open. What a lost device has is left to the end of the process. */
    @Override
    public void close() {
        if (isLost()) {
            return;
        }
        try {
            api.setCurrentContext(context);
            synchronized (idleBlas) {
                idleBlas.forEach(api::destroyBlas);
                idleBlas.clear();
            }
            kernels.close();
            constants.close();
            memory.close();
            pinned.close();
            api.setCurrentContext(0);
            api.releasePrimaryContext(handle);
        } catch (CudaException e) {
            LOG.warn("Cannot free all of {}", name, e);
        }
    }
}
