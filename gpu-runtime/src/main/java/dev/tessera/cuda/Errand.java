package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaException;

/** A stream for work that is waited for at once. When it is closed, nothing uses the memory of the work any more. */
final class Errand implements AutoCloseable {
    private final CudaDevice device;
    private final long stream;
    private boolean isFinished;

    Errand(CudaDevice device) {
        this.device = device;
        this.stream = device.api().createStream();
    }

    long stream() {
        return stream;
    }

    /** Waits for all that was put on the stream. */
    void finish() {
        device.api().synchronizeStream(stream);
        isFinished = true;
    }

    @Override
    public void close() {
        if (!isFinished) {
            device.drain(stream);
        }
        if (!device.isLost()) {
            try {
                device.api().destroyStream(stream);
            } catch (CudaException e) {
                device.tolerate(e, AbsorbedFailures.NOT_GIVEN_BACK);
            }
        }
    }
}
