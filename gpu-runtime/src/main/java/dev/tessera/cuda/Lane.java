package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaApi;
import org.jspecify.annotations.Nullable;

/** A stream of a task, the events that mark how far a batch on it has come, and that batch. */
final class Lane {
    private final CudaApi api;
    private final long stream;
    private final long[] marks = new long[Mark.values().length];
    private @Nullable InFlight batch;

    /** What a batch has come to. */
    enum Mark {
        STARTED,
        COPIED_IN,
        COMPUTED,
        COPIED_OUT
    }

    Lane(CudaApi api) {
        this.api = api;
        this.stream = api.createStream();
        for (int i = 0; i < marks.length; i++) {
            marks[i] = api.createEvent(true);
        }
    }

    long stream() {
        return stream;
    }

    /** Waits for the batch that is on this lane, if any, and takes another one. */
    void take(InFlight next) {
        finish();
        batch = next;
    }

    /** Waits for the batch that is on this lane, if any; a failure is told to who awaits that one. */
    void finish() {
        InFlight last = batch;
        batch = null;
        if (last != null) {
            last.complete();
        }
    }

    void mark(Mark mark) {
        api.recordEvent(marks[mark.ordinal()], stream);
    }

    void waitFor(Mark mark) {
        api.synchronizeEvent(marks[mark.ordinal()]);
    }

    /** From one mark of a finished batch to the next. */
    long nanosBetween(Mark from, Mark to) {
        return (long) (api.elapsedMilliseconds(marks[from.ordinal()], marks[to.ordinal()]) * 1e6);
    }

    void close() {
        for (long mark : marks) {
            api.destroyEvent(mark);
        }
        api.destroyStream(stream);
    }
}
