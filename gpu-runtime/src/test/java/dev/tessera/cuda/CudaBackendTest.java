package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cpu.PlanRuns;
import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The backend on the simulated device: samples of plans, the copies of a batch, and what is left at the end. */
@ExtendWith(SimulatedCuda.class)
class CudaBackendTest {
    @TempDir
    Path kernels;

    private Backend open() {
        return new CudaBackendProvider()
                .open(new RuntimeOptions(
                        2,
                        Map.of(
                                CudaSettings.KERNEL_FOLDER,
                                kernels.toString(),
                                "spark.tessera.gpu.libraryPath",
                                SimulatedCuda.libraryFolder().toString())));
    }

    static List<SamplePlans.Sample> samples() {
        return SamplePlans.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleGivesWhatTheNaiveRunGives(SamplePlans.Sample sample, SimulatedDevice device) {
        DimBinding dims = new DimBinding(Map.of("n", 5L, "m", 4L, "k", 7L, "v", 3L));
        try (Backend backend = open()) {
            PlanRuns.compare(backend, sample.plan(), sample.constants(), dims, 1, 33, 0, 1000, 33);
        }
        assertThat(device.faults()).isEmpty();
        assertThat(device.leakReports()).isEmpty();
        assertThat(device.leaks()).isEmpty();
    }

    @Test
    void aBatchIsOneCopyForEachInputAndEachOutputAndNothingWaitsInBetween(SimulatedDevice device) {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        try (Backend backend = open();
                BackendTask task = backend.openTask(new TaskSpec(sample.plan(), sample.constants(), Map.of()))) {
            try (PendingBatch first = task.submit(batch(0))) {
                first.await();
            }
            long copiesIn = device.counter("h2d.copies");
            long copiesOut = device.counter("d2h.copies");
            long waits = device.counter("syncs");
            List<PendingBatch> pending = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                pending.add(task.submit(batch(i)));
            }
            assertThat(device.counter("syncs"))
                    .as("submitting waits for nothing")
                    .isEqualTo(waits);
            pending.forEach(PendingBatch::await);
            assertThat(device.counter("h2d.copies") - copiesIn).isEqualTo(2);
            assertThat(device.counter("d2h.copies") - copiesOut).isEqualTo(2);
            assertThat(device.counter("syncs") - waits)
                    .as("one wait for each batch")
                    .isEqualTo(2);
            pending.forEach(PendingBatch::close);
            Receipt receipt = task.receipt();
            assertThat(receipt.batchesByDevice()).hasSize(1).containsValue(3L);
            assertThat(receipt.batchesByDevice().keySet().iterator().next()).startsWith("gpu (" + SimulatedDevice.NAME);
            assertThat(receipt.bytesIn()).isEqualTo(3 * 40 * 20 * 4);
            assertThat(receipt.bytesOut()).isEqualTo(3 * 40 * 7 * 4);
            assertThat(receipt.launchesByKind()).containsEntry("cublas gemm float32", 3L);
        }
        assertThat(device.leakReports()).isEmpty();
    }

    private static Batch batch(int seed) {
        return new Batch(40, DimBinding.EMPTY, List.of(SamplePlans.random(seed, 40, 20)));
    }

    @Test
    void asManyRowsFitAsLeaveRoomForTheBatchesInFlight(SimulatedDevice device) {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        device.setMemory(1 << 20);
        try (Backend backend = open();
                BackendTask task = backend.openTask(new TaskSpec(sample.plan(), sample.constants(), Map.of()))) {
            long cap = (long) ((1 << 20) * 0.7);
            long constants = (20 * 7 + 7) * 4;
            // x, the product and the probabilities of a row.
            long rowBytes = (20 + 7 + 7) * 4;
            assertThat(task.maxRows(DimBinding.EMPTY)).isEqualTo((int) ((cap - constants) / 2 / rowBytes));
        }
    }

    @Test
    void constantsAreUploadedOnceForAllTasks(SimulatedDevice device) {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        try (Backend backend = open()) {
            for (int i = 0; i < 3; i++) {
                try (BackendTask task = backend.openTask(new TaskSpec(sample.plan(), sample.constants(), Map.of()))) {
                    task.submit(batch(i)).close();
                }
            }
            // Two constants, and an input for each task.
            assertThat(device.counter("h2d.copies")).isEqualTo(2 + 3);
        }
    }

    @Test
    void aConstantOfAnotherShapeThanThePlanSaysIsRefusedBeforeItReachesTheDevice(SimulatedDevice device) {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        Map<String, HostTensor> wrong = new HashMap<>(sample.constants());
        wrong.replaceAll((digest, value) -> SamplePlans.random(9, 3, 3));
        try (Backend backend = open();
                BackendTask task = backend.openTask(new TaskSpec(sample.plan(), wrong, Map.of()))) {
            assertThatThrownBy(() -> task.submit(batch(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot run plan: constant ")
                    .hasMessageContaining("is float32[3, 3], not float32[");
            assertThat(device.counter("h2d.copies")).isZero();
        }
    }

    @Test
    void closingATaskFreesWhateverStateItsBatchesAreIn(SimulatedDevice device) {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        try (Backend backend = open()) {
            BackendTask task = backend.openTask(new TaskSpec(sample.plan(), sample.constants(), Map.of()));
            task.allocateHost(100);
            task.submit(batch(0)).await();
            task.submit(batch(1));
            task.submit(batch(2));
            HostTensor second = task.submit(batch(3)).await().outputs().get(0);
            assertThat(second.size(0)).isEqualTo(40);
            task.close();
            task.close();
            assertThat(task.nativeBytes()).isZero();
            assertThat(backend.nativeBytes()).isZero();
        }
        assertThat(device.leakReports()).isEmpty();
        assertThat(device.faults()).isEmpty();
    }
}
