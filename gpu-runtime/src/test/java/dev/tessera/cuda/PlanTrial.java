package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cpu.NaivePlan;
import dev.tessera.cpu.PlanRuns;
import dev.tessera.cuda.kernel.KernelMutations;
import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.HostBuffer;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** A plan, some batches of it, and what they must give wherever they run: several are in flight at once. */
final class PlanTrial {
    private static final DimBinding DIMS = new DimBinding(Map.of("n", 5L, "m", 4L, "k", 7L, "v", 3L));

    private final SamplePlans.Sample sample;
    private final TaskSpec spec;
    private final List<Batch> batches = new ArrayList<>();
    private final List<NaivePlan.Result> expected = new ArrayList<>();

    PlanTrial(SamplePlans.Sample sample, int... rowCounts) {
        this.sample = sample;
        this.spec = new TaskSpec(sample.plan(), sample.constants(), PlanRuns.parameters(sample.plan(), DIMS));
        for (int i = 0; i < rowCounts.length; i++) {
            Batch batch = PlanRuns.batch(sample.plan(), DIMS, rowCounts[i], i);
            batches.add(batch);
            expected.add(NaivePlan.run(sample.plan(), spec.constants(), spec.parameters(), batch));
        }
    }

    /** Settings of a runtime on the simulated device, with kernels kept in {@code kernels}. */
    static RuntimeOptions options(String device, Path kernels, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "spark.tessera.device",
                device,
                CudaSettings.KERNEL_FOLDER,
                kernels.toString(),
                "spark.tessera.gpu.libraryPath",
                SimulatedCuda.libraryFolder().toString(),
                "spark.tessera.cpu.vectorApi.enabled",
                "false",
                "spark.tessera.gpu.costModel.enabled",
                "false"));
        settings.putAll(more);
        return new RuntimeOptions(2, settings);
    }

    long rowCount() {
        return batches.stream().mapToLong(Batch::rowCount).sum();
    }

    int batchCount() {
        return batches.size();
    }

    /** What its kernels are made for. */
    KernelMutations.Work work() {
        return new KernelMutations.Work(
                sample, DIMS, batches.stream().map(Batch::rowCount).toList());
    }

    TaskSpec spec() {
        return spec;
    }

    List<Batch> batches() {
        return batches;
    }

    /** Requires of a result that it is the one of that batch. */
    void require(int batch, BatchResult result) {
        PlanRuns.requireSame(sample.plan(), result, expected.get(batch));
    }

    /** Runs all in one task, as many at once as the task takes, and requires what they give. */
    Receipt run(ExecutorRuntime runtime) {
        return run(runtime::openTask, batch -> {});
    }

    /** As {@link #run(ExecutorRuntime)}, and gives each batch to {@code submitted} when it is. */
    Receipt run(Function<TaskSpec, BackendTask> open, Consumer<PendingBatch> submitted) {
        Receipt receipt;
        try (BackendTask task = open.apply(spec)) {
            Deque<InFlightBatch> inFlight = new ArrayDeque<>();
            for (int i = 0; i < batches.size(); i++) {
                if (inFlight.size() > task.pipelineDepth()) {
                    finish(inFlight.removeFirst());
                }
                InFlightBatch started = start(task, i);
                inFlight.addLast(started);
                submitted.accept(started.pending());
            }
            while (!inFlight.isEmpty()) {
                finish(inFlight.removeFirst());
            }
            receipt = task.receipt();
        }
        assertThat(receipt.rowCount()).as("rows in %s", receipt).isEqualTo(rowCount());
        return receipt;
    }

    private record InFlightBatch(int index, PendingBatch pending, List<HostBuffer> gathered) {}

    /** Every other batch is gathered in memory of the task, as rows are. */
    private InFlightBatch start(BackendTask task, int index) {
        Batch batch = batches.get(index);
        List<HostBuffer> gathered = new ArrayList<>();
        if (index % 2 == 0) {
            List<HostTensor> inputs = new ArrayList<>();
            for (HostTensor input : batch.inputs()) {
                HostBuffer buffer = task.allocateHost(input.sizeInBytes());
                gathered.add(buffer);
                HostMemory.copy(input, buffer.bytes());
                long rowBytes = input.size(0) == 0 ? 0 : input.sizeInBytes() / input.size(0);
                inputs.add(new HostTensor(input.dtype(), input.sizes(), buffer.bytes(), 0, rowBytes));
            }
            batch = new Batch(batch.rowCount(), batch.dims(), inputs);
        }
        return new InFlightBatch(index, task.submit(batch), gathered);
    }

    private void finish(InFlightBatch batch) {
        try (PendingBatch pending = batch.pending()) {
            require(batch.index(), pending.await());
        }
        batch.gathered().forEach(HostBuffer::close);
    }

    @Override
    public String toString() {
        return sample.name();
    }
}
