package dev.tessera.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Counts the bytes that warm reductions of the Vector API twins allocate: none, for any number of rows. */
class PrimitivesAllocationTest {
    private static final int ROW = 1024;
    private static final int ROWS = 2_000;

    @Test
    void reductionsOfFloatsAllocateNothingPerRow() throws Exception {
        FloatPrimitives floats = VectorTwins.floats();
        float[] row = new float[ROW];
        assertNothingPerRow(() -> floats.sum(row, 0, ROW)
                + floats.dot(row, 0, row, 0, ROW)
                + floats.max(row, 0, ROW)
                + floats.min(row, 0, ROW));
    }

    @Test
    void reductionsOfDoublesAllocateNothingPerRow() throws Exception {
        DoublePrimitives doubles = VectorTwins.doubles();
        double[] row = new double[ROW];
        assertNothingPerRow(() -> doubles.sum(row, 0, ROW)
                + doubles.dot(row, 0, row, 0, ROW)
                + doubles.max(row, 0, ROW)
                + doubles.min(row, 0, ROW));
    }

    private interface RowReduction {
        double reduce();
    }

    private static void assertNothingPerRow(RowReduction reduction) throws InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeTrue(threads.isThreadAllocatedMemorySupported(), "no count of allocated bytes in this JVM");
        // Compilation is in the background: until it is done, vectors are objects.
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 50 && least >= ROWS; attempt++) {
            least = Math.min(least, allocatedBytes(threads, reduction));
            Thread.sleep(20);
        }
        assertThat(least).as("bytes for %d rows", ROWS).isLessThan(ROWS);
    }

    private static long allocatedBytes(ThreadMXBean threads, RowReduction reduction) {
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            sum += reduction.reduce();
        }
        long bytes = threads.getThreadAllocatedBytes(thread) - before;
        assertThat(sum).isZero();
        return bytes;
    }
}
