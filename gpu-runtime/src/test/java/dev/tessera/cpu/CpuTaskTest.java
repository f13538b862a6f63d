package dev.tessera.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.HostBuffer;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuTaskTest {
    private CpuBackend backend;

    @BeforeAll
    void open() {
        backend = CpuBackend.open(new RuntimeOptions(2, Map.of()));
    }

    @AfterAll
    void close() {
        assertThat(backend.nativeBytes()).isZero();
        backend.close();
    }

    private BackendTask open(SamplePlans.Sample sample, DimBinding dims) {
        return backend.openTask(
                new TaskSpec(sample.plan(), sample.constants(), PlanRuns.parameters(sample.plan(), dims)));
    }

    @Test
    void closingATaskFreesWhatItsOpenBatchesAndBuffersHold() {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        BackendTask task = open(sample, DimBinding.EMPTY);
        HostBuffer buffer = task.allocateHost(1000);
        PendingBatch first = task.submit(PlanRuns.batch(sample.plan(), DimBinding.EMPTY, 10, 1));
        task.submit(PlanRuns.batch(sample.plan(), DimBinding.EMPTY, 10, 2));
        assertThat(task.nativeBytes()).isGreaterThanOrEqualTo(1000 + 2 * 10 * 7 * 4 * 2);
        task.close();
        task.close();
        first.close();
        buffer.close();
        assertThat(task.nativeBytes()).isZero();
    }

    @Test
    void anOpenBatchKeepsItsResultWhileTheNextRuns() {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        Batch one = PlanRuns.batch(sample.plan(), DimBinding.EMPTY, 10, 1);
        Batch two = PlanRuns.batch(sample.plan(), DimBinding.EMPTY, 10, 2);
        try (BackendTask task = open(sample, DimBinding.EMPTY);
                PendingBatch first = task.submit(one)) {
            float[] before = first.await().outputs().get(0).toFloatArray();
            task.submit(two).close();
            assertThat(first.await().outputs().get(0).toFloatArray()).isEqualTo(before);
        }
    }

    @Test
    void aBatchThatFailsLeavesTheTaskUsableAndNothingBehind() {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        try (BackendTask task = open(sample, DimBinding.EMPTY)) {
            HostTensor wrong = HostTensor.zeros(DType.FLOAT32, 3, 19);
            assertThatThrownBy(() -> task.submit(new Batch(3, DimBinding.EMPTY, List.of(wrong))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("input 'x' is float32[3, 19], not float32[20] per row");
            // As many rows as would need slots beyond the size of a buffer, all of them one row repeated.
            HostTensor huge = new HostTensor(DType.FLOAT32, new long[] {1 << 28, 20}, ByteBuffer.allocate(80), 0, 0);
            assertThatThrownBy(() -> task.submit(new Batch(1 << 28, DimBinding.EMPTY, List.of(huge))))
                    .isInstanceOf(IllegalArgumentException.class);
            task.submit(PlanRuns.batch(sample.plan(), DimBinding.EMPTY, 4, 1)).close();
            assertThat(task.receipt().batchCount()).isEqualTo(1);
            assertThat(task.receipt().rowCount()).isEqualTo(4);
        }
    }

    @Test
    void twoTasksRunAtOnceWithoutMeeting() throws Exception {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> runs = List.of(
                    threads.submit(() -> PlanRuns.compare(
                            backend, sample.plan(), sample.constants(), DimBinding.EMPTY, 40, 3, 40, 41)),
                    threads.submit(() -> PlanRuns.compare(
                            backend, sample.plan(), sample.constants(), DimBinding.EMPTY, 17, 40, 5, 40)));
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void anIndexOutOfRangeMarksItsRowAndNoOther() {
        SamplePlans.Sample sample = SamplePlans.gatherOfParameter();
        DimBinding dims = new DimBinding(Map.of("v", 3L, "n", 2L));
        HostTensor ids = HostTensor.of(new long[] {0, 2, 1, 3, -3, -1, -4, 0}, 4, 2);
        try (BackendTask task = open(sample, dims);
                PendingBatch pending = task.submit(new Batch(4, dims, List.of(ids)))) {
            assertThat(pending.await().badRows())
                    .containsExactly(
                            new BatchResult.BadRow(1, "index 3 is out of range for an axis of size 3"),
                            new BatchResult.BadRow(3, "index -4 is out of range for an axis of size 3"));
            assertThat(task.receipt().badRowCount()).isEqualTo(2);
        }
    }

    @Test
    void rowsWithGapsAndRowsOfOddAlignmentAreReadInPlaceOrCopied() {
        SamplePlans.Sample sample = SamplePlans.topKOfCumulativeSums();
        Batch dense = PlanRuns.batch(sample.plan(), DimBinding.EMPTY, 3, 1);
        // 18 doubles per row, then 4 bytes, after a header of 4.
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 + 3 * 148).order(ByteOrder.nativeOrder());
        HostTensor gapped = new HostTensor(DType.FLOAT64, new long[] {3, 2, 9}, bytes, 4, 148);
        for (int i = 0; i < 54; i++) {
            gapped.setDouble(i, dense.inputs().get(0).doubleAt(i));
        }
        try (BackendTask task = open(sample, DimBinding.EMPTY);
                PendingBatch expected = task.submit(dense);
                PendingBatch found = task.submit(new Batch(3, DimBinding.EMPTY, List.of(gapped)))) {
            assertThat(found.await().outputs().get(0).toDoubleArray())
                    .isEqualTo(expected.await().outputs().get(0).toDoubleArray());
        }
    }

    @Test
    void anAccumulatorHoldsWhatTheRowsOfItsBatchReduceTo() {
        SamplePlans.Sample sample = SamplePlans.accumulation();
        HostTensor rows = HostTensor.of(new double[] {1, 2, 3, 4, 5, 10, 20, 30, 40, 50}, 2, 5);
        try (BackendTask task = open(sample, DimBinding.EMPTY)) {
            for (int i = 0; i < 2; i++) {
                try (PendingBatch batch = task.submit(new Batch(2, DimBinding.EMPTY, List.of(rows)))) {
                    List<HostTensor> outputs = batch.await().outputs();
                    assertThat(outputs.get(0).row(0).toDoubleArray()).containsExactly(11, 22, 33, 44, 55);
                    assertThat(outputs.get(1).row(1).toDoubleArray()).containsExactly(101, 404, 909, 1616, 2525);
                }
            }
        }
    }
}
