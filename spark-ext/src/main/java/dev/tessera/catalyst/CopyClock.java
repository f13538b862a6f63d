package dev.tessera.catalyst;

import java.util.function.LongSupplier;

/**
 * About how long rows take to be copied, from some of them: to ask the clock for each would take as long as to copy a
 * narrow row. The first rows of a batch are timed one by one, so that small batches count exactly; of the others each
 * {@value #STRIDE}th stands for as many. Used by one thread.
 */
final class CopyClock {
    static final int TIMED_ROWS = 8;
    static final int STRIDE = 64;

    // Buffers grow at rows that are powers of two, which these never are: one that stood for others would count as many
    // growths.
    private static final int PHASE = 21;
    private static final long NOT_TIMED = Long.MIN_VALUE;

    private final LongSupplier clock;
    private long nanos;

    CopyClock(LongSupplier clock) {
        this.clock = clock;
    }

    /** The start of a row of a batch, for {@link #stop}. */
    long start(int row) {
        return weight(row) == 0 ? NOT_TIMED : clock.getAsLong();
    }

    void stop(int row, long start) {
        if (start != NOT_TIMED) {
            nanos += (clock.getAsLong() - start) * weight(row);
        }
    }

    private static int weight(int row) {
        if (row < TIMED_ROWS) {
            return 1;
        }
        return (row - TIMED_ROWS) % STRIDE == PHASE ? STRIDE : 0;
    }

    long nanos() {
        return nanos;
    }
}
