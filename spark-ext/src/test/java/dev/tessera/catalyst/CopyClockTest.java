package dev.tessera.catalyst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CopyClockTest {
    private long now = 1_000;
    private int asked;
    private final CopyClock clock = new CopyClock(() -> {
        asked++;
        return now;
    });

    private void copy(int rows, long nanosPerRow) {
        for (int row = 0; row < rows; row++) {
            long start = clock.start(row);
            now += nanosPerRow;
            clock.stop(row, start);
            // What is not a copy does not count.
            now += 1_000_000;
        }
    }

    @Test
    void fewRowsAreTimedOneByOne() {
        copy(5, 7);

        assertThat(clock.nanos()).isEqualTo(5 * 7);
    }

    @Test
    void manyRowsAreTimedByAFewOfThem() {
        copy(1024, 7);
        copy(1024, 7);

        assertThat(clock.nanos()).isCloseTo(2 * 1024 * 7, within(2L * CopyClock.STRIDE * 7));
        assertThat(asked).isLessThan(2 * 2 * (CopyClock.TIMED_ROWS + 1024 / CopyClock.STRIDE + 1));
    }

    @Test
    void rowsAtWhichBuffersGrowStandForNoOthers() {
        for (int row = 16; row <= 1 << 30 && row > 0; row *= 2) {
            clock.start(row);
        }

        assertThat(asked).isZero();
    }
}
