package dev.tessera.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cpu.CpuBackendProvider;
import dev.tessera.plan.SamplePlans;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResilientBackendTest {
    private static final RuntimeOptions OPTIONS =
            new RuntimeOptions(1, Map.of("spark.tessera.cpu.vectorApi.enabled", "false"));
    private static final SamplePlans.Sample SAMPLE = SamplePlans.denseLayer();
    private static final TaskSpec SPEC = new TaskSpec(SAMPLE.plan(), SAMPLE.constants(), Map.of());

    private static ResilientBackend over(FailingDevice device, LossPolicy policy, boolean isRequired) {
        return new ResilientBackend(
                device, () -> new CpuBackendProvider().open(OPTIONS), new ResilientTask.Policy(policy, isRequired));
    }

    private static Batch batch(int rows, int first) {
        float[] values = new float[rows * 20];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(first * 20 + i);
        }
        return new Batch(rows, DimBinding.EMPTY, List.of(HostTensor.of(values, rows, 20)));
    }

    /** What the CPU alone gives, the same rows at a time. */
    private static List<float[]> expected(List<Batch> batches) {
        List<float[]> expected = new ArrayList<>();
        try (Backend cpu = new CpuBackendProvider().open(OPTIONS);
                BackendTask task = cpu.openTask(SPEC)) {
            for (Batch batch : batches) {
                try (PendingBatch pending = task.submit(batch)) {
                    expected.add(pending.await().outputs().get(0).toFloatArray());
                }
            }
        }
        return expected;
    }

    private static Receipt assertSameResults(Backend backend, List<Batch> batches) {
        List<float[]> expected = expected(batches);
        try (backend;
                BackendTask task = backend.openTask(SPEC)) {
            List<PendingBatch> pending = new ArrayList<>();
            for (Batch batch : batches) {
                pending.add(task.submit(batch));
            }
            for (int i = 0; i < batches.size(); i++) {
                BatchResult result = pending.get(i).await();
                assertThat(pending.get(i).await()).isSameAs(result);
                HostTensor output = result.outputs().get(0);
                assertThat(output.size(0)).isEqualTo(batches.get(i).rowCount());
                assertThat(output.toFloatArray())
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(expected.get(i));
                pending.get(i).close();
            }
            return task.receipt();
        }
    }

    @Test
    void aBatchThatIsTooLargeRunsInHalvesInOrder() {
        FailingDevice device = new FailingDevice().withRoomFor(3);
        Receipt receipt = assertSameResults(over(device, LossPolicy.CPU, false), List.of(batch(11, 0), batch(3, 11)));
        // 11 rows split into 5 and 6, these into 2, 3, 3 and 3.
        assertThat(receipt.recoveries())
                .containsOnly(Map.entry("retried: out of memory", 1L), Map.entry("split: out of memory", 3L));
        assertThat(receipt.fallbacksByReason()).isEmpty();
        assertThat(receipt.rowCount()).isEqualTo(14);
        assertThat(device.pendingBatches()).isZero();
    }

    @Test
    void aSingleRowForWhichThereIsNoRoomRunsOnTheCpu() {
        FailingDevice device = new FailingDevice().withRoomFor(0);
        Receipt receipt = assertSameResults(over(device, LossPolicy.CPU, true), List.of(batch(4, 0)));
        assertThat(receipt.fallbacksByReason()).containsExactly(Map.entry("no room", 4L));
        assertThat(receipt.recoveries()).containsEntry("split: out of memory", 3L);
    }

    @Test
    void aDeviceThatIsLostAtAnyPointLosesNoRow() {
        List<Batch> batches = List.of(batch(4, 0), batch(5, 4), batch(1, 9), batch(0, 10), batch(7, 10));
        for (int nth = 0; nth < batches.size(); nth++) {
            FailingDevice device = new FailingDevice().lostAtSubmit(nth);
            Receipt receipt = assertSameResults(over(device, LossPolicy.CPU, false), batches);
            assertThat(receipt.fallbacksByReason()).containsExactly(Map.entry("error 719", 5L - nth));
            assertThat(device.pendingBatches()).isZero();
            device = new FailingDevice().lostAtAwait(nth);
            receipt = assertSameResults(over(device, LossPolicy.CPU, false), batches);
            assertThat(receipt.fallbacksByReason().get("error 719")).isBetween(1L, 5L - nth);
            assertThat(device.pendingBatches()).isZero();
        }
    }

    @Test
    void aDeviceThatIsLostFailsTheTaskIfThePolicySaysSo() {
        FailingDevice device = new FailingDevice().lostAtAwait(0);
        try (ResilientBackend backend = over(device, LossPolicy.FAIL, false);
                BackendTask task = backend.openTask(SPEC);
                PendingBatch pending = task.submit(batch(2, 0))) {
            assertThatThrownBy(pending::await)
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessage("error 719");
        }
        assertThat(device.pendingBatches()).isZero();
    }

    @Test
    void aPlanThatTheDeviceCannotRunRunsOnTheCpuUnlessTheDeviceIsRequired() {
        Receipt receipt = assertSameResults(
                over(new FailingDevice().withoutSupport(), LossPolicy.CPU, false), List.of(batch(4, 0)));
        assertThat(receipt.fallbacksByReason()).containsExactly(Map.entry("no NVRTC", 1L));
        try (ResilientBackend backend = over(new FailingDevice().withoutSupport(), LossPolicy.CPU, true)) {
            assertThatThrownBy(() -> backend.openTask(SPEC))
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessage("no NVRTC");
        }
    }

    @Test
    void anUnknownPolicyIsRefused() {
        assertThatThrownBy(() -> LossPolicy.of(new RuntimeOptions(1, Map.of(LossPolicy.SETTING, "panic"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'panic'; use cpu, exit or fail");
    }
}
