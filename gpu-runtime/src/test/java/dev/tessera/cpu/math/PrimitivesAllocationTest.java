package dev.tessera.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts the bytes that the warm primitives of the Vector API twins allocate: none, for any number of elements. */
class PrimitivesAllocationTest {
    private static final int ROW = 256;
    private static final int ROWS = 500;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static FloatPrimitives floats;
    private static DoublePrimitives doubles;

    private final float[] x = new float[ROW];
    private final float[] out = new float[ROW];
    private final double[] wideX = new double[ROW];
    private final double[] wideOut = new double[ROW];

    PrimitivesAllocationTest() {
        for (int i = 0; i < ROW; i++) {
            wideX[i] = (i + 0.5) / 32;
            x[i] = (float) wideX[i];
        }
    }

    @BeforeAll
    static void warm() throws Exception {
        assumeTrue(THREADS.isThreadAllocatedMemorySupported(), "no count of allocated bytes in this JVM");
        floats = VectorTwins.floats();
        doubles = VectorTwins.doubles();
        new FloatWarmUp(floats).run(() -> false);
        new DoubleWarmUp(doubles).run(() -> false);
    }

    @ParameterizedTest
    @EnumSource
    void functionsOfFloatsAllocateNothing(FloatAccuracyTest.Function function) throws InterruptedException {
        assertAllocatesNothing(() -> function.apply(floats, x, out));
    }

    @ParameterizedTest
    @EnumSource
    void functionsOfDoublesAllocateNothing(DoubleFunction function) throws InterruptedException {
        assertAllocatesNothing(() -> function.apply(doubles, wideX, wideOut));
    }

    @Test
    void powersAllocateNothing() throws InterruptedException {
        assertAllocatesNothing(() -> floats.pow(x, 0, x, 0, out, 0, ROW));
        assertAllocatesNothing(() -> doubles.pow(wideX, 0, wideX, 0, wideOut, 0, ROW));
    }

    @Test
    void reductionsOfFloatsAllocateNothing() throws InterruptedException {
        assertAllocatesNothing(() -> wideOut[0] =
                floats.sum(x, 0, ROW) + floats.dot(x, 0, x, 0, ROW) + floats.max(x, 0, ROW) + floats.min(x, 0, ROW));
    }

    @Test
    void reductionsOfDoublesAllocateNothing() throws InterruptedException {
        assertAllocatesNothing(() -> wideOut[0] = doubles.sum(wideX, 0, ROW)
                + doubles.dot(wideX, 0, wideX, 0, ROW)
                + doubles.max(wideX, 0, ROW)
                + doubles.min(wideX, 0, ROW));
    }

    /** Elements that the twins leave to the plain primitives, which are not of one kind: zeros and infinities. */
    @Test
    void elementsOutsideTheFastRangeAllocateNothing() throws InterruptedException {
        for (int i = 0; i < ROW; i++) {
            wideX[i] = i % 5 == 0 ? 0.0 : i % 7 == 0 ? Double.POSITIVE_INFINITY : wideX[i];
            x[i] = (float) wideX[i];
        }
        assertAllocatesNothing(() -> {
            floats.log(x, 0, out, 0, ROW);
            floats.log1p(x, 0, out, 0, ROW);
            floats.pow(x, 0, x, 0, out, 0, ROW);
            doubles.log(wideX, 0, wideOut, 0, ROW);
            doubles.log1p(wideX, 0, wideOut, 0, ROW);
            doubles.pow(wideX, 0, wideX, 0, wideOut, 0, ROW);
        });
    }

    private static void assertAllocatesNothing(Runnable primitive) throws InterruptedException {
        // Compilation is in the background: until it is done, vectors are objects.
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 60 && least >= ROWS; attempt++) {
            least = Math.min(least, allocatedBytes(primitive));
            Thread.sleep(attempt);
        }
        assertThat(least).as("bytes of %d calls", ROWS).isLessThan(ROWS);
    }

    private static long allocatedBytes(Runnable primitive) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < ROWS; i++) {
            primitive.run();
        }
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }
}
