package dev.tessera.cpu;

import com.sun.management.ThreadMXBean;
import dev.tessera.cpu.math.FloatPrimitives;
import dev.tessera.cpu.math.Primitives;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Times plans on the CPU backend against code written by hand, interleaved in one thread: the median CPU time of each,
 * their ratio, and the heap bytes that a batch allocates. Both compute with the same primitives.
 */
final class BackendComparison implements AutoCloseable {
    private static final int REPETITIONS = 61;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final CpuBackend backend;
    private final Primitives primitives;

    private BackendComparison(CpuBackend backend, Primitives primitives) {
        this.backend = backend;
        this.primitives = primitives;
    }

    /** Opens a backend on the Vector API, once it is warm, or in plain Java. */
    static BackendComparison open(boolean isVector) throws InterruptedException {
        Map<String, String> settings = Map.of(CpuBackend.VECTOR_SETTING, Boolean.toString(isVector));
        CpuBackend backend = CpuBackend.open(new RuntimeOptions(1, settings));
        Primitives primitives = isVector ? Primitives.start() : Primitives.plain();
        while (primitives.describe().contains("warming") || backend.device().contains("warming")) {
            Thread.sleep(50);
        }
        System.out.println(backend.device());
        return new BackendComparison(backend, primitives);
    }

    FloatPrimitives floats() {
        return primitives.floats();
    }

    static HostTensor random(DType dtype, long... sizes) {
        HostTensor values = PlanRuns.random(new SplittableRandom(1), dtype, sizes);
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) values.sizeInBytes()).order(ByteOrder.nativeOrder());
        bytes.put(0, values.storage(), 0, bytes.capacity());
        return HostTensor.contiguous(dtype, sizes, bytes);
    }

    /** Compares batches of the rows of {@code x} with {@code byHand} doing the same. */
    void compare(String name, PlanBuilder plan, HostTensor x, Runnable byHand) {
        Batch batch = new Batch((int) x.size(0), DimBinding.EMPTY, List.of(x));
        long[] ours = new long[REPETITIONS];
        long[] theirs = new long[REPETITIONS];
        int calls = callsPerRepetition(byHand);
        long thread = Thread.currentThread().getId();
        try (BackendTask task = backend.openTask(new TaskSpec(plan.build(), plan.constantValues(), Map.of()))) {
            Runnable submit = () -> task.submit(batch).close();
            for (int i = 0; i < 2 * REPETITIONS; i++) {
                ours[i % REPETITIONS] = nanosOf(submit, calls);
                theirs[i % REPETITIONS] = nanosOf(byHand, calls);
            }
            long before = THREADS.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 10; i++) {
                submit.run();
            }
            long bytes = (THREADS.getThreadAllocatedBytes(thread) - before) / 10;
            Arrays.sort(ours);
            Arrays.sort(theirs);
            double here = ours[REPETITIONS / 2] / 1e3;
            double there = theirs[REPETITIONS / 2] / 1e3;
            System.out.printf(
                    Locale.ROOT,
                    "%-20s ours %9.1f us, by hand %9.1f us, ratio %.2f, %d heap bytes per batch%n",
                    name,
                    here,
                    there,
                    here / there,
                    bytes);
        }
    }

    /** As many calls as take about a millisecond, so that what reads the clock does not count. */
    private static int callsPerRepetition(Runnable work) {
        long nanos = nanosOf(work, 20) / 20;
        return (int) Math.max(1, Math.min(1000, 1_000_000 / Math.max(1, nanos)));
    }

    private static long nanosOf(Runnable work, int calls) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < calls; i++) {
            work.run();
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / calls;
    }

    @Override
    public void close() {
        backend.close();
        primitives.close();
    }
}
