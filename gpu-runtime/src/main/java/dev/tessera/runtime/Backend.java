package dev.tessera.runtime;

/** A device that runs plans. Thread-safe; made once per JVM by the runtime, which closes it. */
public interface Backend extends AutoCloseable {
    /** The device, as receipts name it: {@code cpu (OpenBLAS Zen, Vector API)}. */
    String device();

    /** Opens a task. The row-invariant steps run at its first batch at the latest. */
    BackendTask openTask(TaskSpec task);

    /** Bytes of host memory outside the heap that open tasks hold now, all together; none once all are closed. */
    long nativeBytes();

    /** Devices that failed for good, for as long as this process lives. */
    default int lostDevices() {
        return 0;
    }

    @Override
    void close();
}
