package dev.tessera.cuda.memory;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Memory of a device that is only counted. */
final class CountingCuda {
    private final long capacity;
    private final Map<Long, Long> allocations = new HashMap<>();
    private long next = 1 << 20;
    private int allocationCount;

    CountingCuda(long capacity) {
        this.capacity = capacity;
    }

    /** Bytes that are allocated now. */
    synchronized long allocatedBytes() {
        return allocations.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Allocations there ever were. */
    synchronized int allocationCount() {
        return allocationCount;
    }

    CudaApi api() {
        return (CudaApi) Proxy.newProxyInstance(
                CudaApi.class.getClassLoader(),
                new Class<?>[] {CudaApi.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "allocate" -> allocate((Long) arguments[0]);
                    case "free" -> free((Long) arguments[0]);
                    default -> throw new AssertionError("Nothing is meant to call " + method);
                });
    }

    private synchronized long allocate(long size) {
        if (allocatedBytes() + size > capacity) {
            throw new CudaException("cuMemAlloc", 2, "CUDA_ERROR_OUT_OF_MEMORY", CudaException.Kind.OUT_OF_MEMORY, "");
        }
        allocations.put(next, size);
        allocationCount++;
        next += size;
        return next - size;
    }

    private synchronized Object free(long address) {
        if (allocations.remove(address) == null) {
            throw new AssertionError("Freed twice, or never allocated: " + address);
        }
        return 0L;
    }
}
