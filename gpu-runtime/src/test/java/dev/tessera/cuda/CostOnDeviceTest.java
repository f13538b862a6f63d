package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cuda.driver.RealNvrtc;
import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cost model measures through the CUDA backend as through any other; what it finds here says nothing of a GPU. */
@ExtendWith(SimulatedCuda.class)
class CostOnDeviceTest {
    @Test
    void whereverABatchRunsInAutoTheReceiptHoldsThePredictionAgainstWhatItTook(SimulatedDevice device) {
        RealNvrtc.assumed();
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        Map<String, String> settings = Map.of(
                "spark.tessera.gpu.libraryPath", SimulatedCuda.libraryFolder().toString());
        Batch batch = new Batch(3, DimBinding.EMPTY, List.of(HostTensor.zeros(DType.FLOAT32, 3, 20)));
        try (ExecutorRuntime runtime = ExecutorRuntime.start(new RuntimeOptions(1, settings))) {
            Receipt receipt;
            try (BackendTask task = runtime.openTask(new TaskSpec(sample.plan(), sample.constants(), Map.of()))) {
                try (PendingBatch pending = task.submit(batch)) {
                    assertThat(pending.await().outputs().get(0).size(0)).isEqualTo(3);
                }
                receipt = task.receipt();
            }
            assertThat(receipt.predictionsByDevice().keySet())
                    .isEqualTo(receipt.batchesByDevice().keySet());
            assertThat(receipt.predictionsByDevice().values()).singleElement().satisfies(prediction -> {
                assertThat(prediction.predictedNanos()).isPositive();
                assertThat(prediction.actualNanos()).isPositive();
            });
            boolean isOnCpu =
                    receipt.batchesByDevice().keySet().iterator().next().startsWith("cpu");
            assertThat(receipt.choiceByDevice().isEmpty()).isEqualTo(!isOnCpu);
            assertThat(runtime.nativeBytes()).isZero();
        }
        assertThat(device.faults()).isEmpty();
        assertThat(device.leaks()).isEmpty();
    }
}
