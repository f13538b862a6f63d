package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.memory.Releases;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream of a task, the events that mark how far a batch on it has come, and that batch. */
final class Lane {
    private final CudaApi api;
    private final long stream;
    private final Map<Mark, Long> marks = new EnumMap<>(Mark.class);
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
        boolean isDone = false;
        try {
            for (Mark mark : Mark.values()) {
                marks.put(mark, api.createEvent(true));
            }
            isDone = true;
        } finally {
            if (!isDone) {
                close();
            }
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
        api.recordEvent(event(mark), stream);
    }

    void waitFor(Mark mark) {
        api.synchronizeEvent(event(mark));
    }

    private long event(Mark mark) {
        return Objects.requireNonNull(marks.get(mark), mark.name());
    }

    /** From one mark of a finished batch to the next. */
    long nanosBetween(Mark from, Mark to) {
        return (long) (api.elapsedMilliseconds(event(from), event(to)) * 1e6);
    }

    void close() {
        Releases releases = new Releases();
        marks.values().forEach(mark -> releases.attempt(() -> api.destroyEvent(mark)));
        releases.attempt(() -> api.destroyStream(stream));
        releases.finish();
    }
}
