package dev.tessera.runtime;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Measures the rates of a backend by running small plans on it, in tens of milliseconds. Used once, by one thread. */
final class RateMeasurement {
    private static final int REPEATS = 3;

    /** From this many nanoseconds on, a measurement is long enough. */
    private static final double ENOUGH = 2e6;

    /** On a device that takes longer than this for a batch, from start to end, larger ones are not tried. */
    private static final double TOO_LONG = 2e7;

    private static final int FIRST_ROWS = 16;
    private static final int GROWTH = 8;
    private static final int MOST_ROWS = 8192;
    private static final int STEPS = 8;
    private static final int OPERATIONS = 16;
    private static final double ELEMENTS_PER_ROW = MeasuredPlans.WIDTH;
    private static final double BYTES_PER_ROW = 4 * ELEMENTS_PER_ROW;

    private final Backend backend;
    private final List<String> deviceAddresses;

    /** What a batch took: from its start until its result was back, and its steps alone. */
    private record Timing(int rows, double wall, double ofSteps) {}

    /** @param deviceAddresses as those of {@link TaskSpec} */
    RateMeasurement(Backend backend, List<String> deviceAddresses) {
        this.backend = backend;
        this.deviceAddresses = deviceAddresses;
    }

    /**
     * The rates.
     *
     * @throws DeviceFailureException if the device fails
     */
    DeviceRates rates() {
        double perBatch;
        double perCopiedByte;
        try (BackendTask copy = open(MeasuredPlans.copy())) {
            Timing one = best(copy, 1);
            Timing many = grown(copy, Timing::wall);
            perBatch = one.wall();
            perCopiedByte = difference(many.wall(), one.wall()) / ((many.rows() - 1) * 2 * BYTES_PER_ROW);
        }
        double perStep;
        double perStreamedByte;
        try (BackendTask additions = open(MeasuredPlans.additions(STEPS))) {
            Timing one = best(additions, 1);
            Timing many = grown(additions, Timing::ofSteps);
            perStep = difference(one.wall(), perBatch) / STEPS;
            perStreamedByte = perRow(many, one) / (STEPS * 2 * BYTES_PER_ROW);
        }
        double perOperation = perOperation();
        try (BackendTask products = open(MeasuredPlans.products(STEPS))) {
            Timing one = best(products, 1);
            double perMultiplyAdd =
                    perRow(grown(products, Timing::ofSteps), one) / (STEPS * ELEMENTS_PER_ROW * MeasuredPlans.WIDTH);
            return new DeviceRates(perBatch, perStep, perCopiedByte, perMultiplyAdd, perStreamedByte, perOperation);
        }
    }

    /** The time of an operation, apart from that of loading and storing. */
    private double perOperation() {
        try (BackendTask many = open(MeasuredPlans.operations(OPERATIONS + 1));
                BackendTask few = open(MeasuredPlans.operations(1))) {
            Timing ofMany = grown(many, Timing::ofSteps);
            Timing ofFew = best(few, ofMany.rows());
            return difference(ofMany.ofSteps(), ofFew.ofSteps()) / (OPERATIONS * ofMany.rows() * ELEMENTS_PER_ROW);
        }
    }

    private BackendTask open(ExecutionPlan plan) {
        Map<String, HostTensor> parameters = plan.parameters().isEmpty()
                ? Map.of()
                : Map.of(
                        MeasuredPlans.FACTOR,
                        HostTensor.zeros(DType.FLOAT32, MeasuredPlans.WIDTH, MeasuredPlans.WIDTH));
        return backend.openTask(new TaskSpec(plan, Map.of(), parameters).onDevices(deviceAddresses));
    }

    private static double perRow(Timing many, Timing one) {
        return difference(many.ofSteps(), one.ofSteps()) / (many.rows() - 1);
    }

    /** A difference of measurements that only noise makes negative. */
    private static double difference(double larger, double smaller) {
        return Math.max(0, larger - smaller);
    }

    /** The timing of as many rows as take long enough. */
    private static Timing grown(BackendTask task, ToDoubleFunction<Timing> measured) {
        int rows = FIRST_ROWS;
        Timing timing = best(task, rows);
        while (measured.applyAsDouble(timing) < ENOUGH && timing.wall() < TOO_LONG && rows < MOST_ROWS) {
            rows *= GROWTH;
            timing = best(task, rows);
        }
        return timing;
    }

    /** The shortest of a few runs, after one that compiles and touches what the others need. */
    private static Timing best(BackendTask task, int rows) {
        int rowBytes = MeasuredPlans.WIDTH * DType.FLOAT32.widthInBytes();
        try (HostBuffer memory = task.allocateHost((long) rows * rowBytes)) {
            HostTensor x = HostTensor.contiguous(
                    DType.FLOAT32,
                    new long[] {rows, MeasuredPlans.WIDTH},
                    memory.bytes().order(ByteOrder.nativeOrder()));
            for (int i = 0; i < rows * rowBytes; i++) {
                x.storage().put(i, (byte) 0);
            }
            Batch batch = new Batch(rows, DimBinding.EMPTY, List.of(x));
            run(task, batch);
            Timing best = run(task, batch);
            for (int i = 1; i < REPEATS; i++) {
                Timing again = run(task, batch);
                best = new Timing(rows, Math.min(best.wall(), again.wall()), Math.min(best.ofSteps(), again.ofSteps()));
            }
            return best;
        }
    }

    private static Timing run(BackendTask task, Batch batch) {
        long kernelsBefore = task.receipt().kernelNanos();
        long start = System.nanoTime();
        try (PendingBatch pending = task.submit(batch)) {
            pending.await();
            double wall = System.nanoTime() - start;
            return new Timing(batch.rowCount(), wall, task.receipt().kernelNanos() - kernelsBefore);
        }
    }
}
