package dev.tessera.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What each thread has in flight, on all devices and in all its tasks: a Spark task may run several plans at once, each on
 * a device of its own. Thread-safe.
 */
final class ThreadBatches {
    private final ThreadLocal<Deque<InFlight>> batches = ThreadLocal.withInitial(ArrayDeque::new);

    /** Adds a batch that the calling thread is starting. */
    void add(InFlight batch) {
        Deque<InFlight> mine = batches.get();
        mine.removeIf(InFlight::isComplete);
        mine.add(batch);
    }

    /** Forgets a batch, and with it the rows that it refers to. */
    void remove(InFlight batch) {
        batches.get().remove(batch);
    }

    /** Completes all that the calling thread has in flight; a failure is told to who awaits that batch. */
    void finish() {
        List.copyOf(batches.get()).forEach(InFlight::finishIfStarted);
    }
}
