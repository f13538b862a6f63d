package dev.tessera.cuda;

import static dev.tessera.tensor.DType.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products are of float32 unless the setting says that factors may be rounded, and the receipt tells which they were. */
@ExtendWith(SimulatedCuda.class)
class MathModesTest {
    /** What each of the short formats rounds to 1. */
    private static final float FACTOR = 1 - 0x1p-13f;

    private record Ran(float entry, Receipt receipt) {}

    private static HostTensor all(long... sizes) {
        float[] values = new float[Math.toIntExact(Arrays.stream(sizes).reduce(1, Math::multiplyExact))];
        Arrays.fill(values, FACTOR);
        return HostTensor.of(values, sizes);
    }

    private static Ran run(String mode) {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 3, 2);
        Operand w = plan.constant(all(2, 5));
        Operand out = plan.row(FLOAT32, 3, 5);
        plan.perRow(new GemmStep(x, w, null, null, out));
        plan.output("out", out);
        RuntimeOptions options = new RuntimeOptions(
                1,
                Map.of(
                        "spark.tessera.gpu.libraryPath",
                        SimulatedCuda.libraryFolder().toString(),
                        CudaSettings.MATH_MODE,
                        mode));
        TaskSpec spec = new TaskSpec(plan.build(), plan.constantValues(), Map.of());
        HostTensor rows = all(4, 3, 2);
        try (Backend backend = new CudaBackendProvider().open(options);
                BackendTask task = backend.openTask(spec)) {
            try (PendingBatch pending = task.submit(new Batch(4, DimBinding.EMPTY, List.of(rows)))) {
                float entry = pending.await().outputs().get(0).storage().getFloat(0);
                return new Ran(entry, task.receipt());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "strict,     0x1p-23, float32",
        "tf32,       0x1p-10, float32 as tf32",
        "bf16,       0x1p-7,  float32 as bfloat16",
        "fp16,       0x1p-10, float32 as float16"
    })
    void factorsAreRoundedOnlyWhereAskedAndTheReceiptSaysSo(
            String mode, double bound, String precision, SimulatedDevice device) {
        Ran ran = run(mode);
        double exact = 2 * (double) FACTOR * FACTOR;
        assertThat((double) ran.entry()).isCloseTo(exact, within(2 * bound));
        assertThat(ran.entry() == 2f).isEqualTo(!mode.equals("strict"));
        assertThat(ran.receipt().launchesByKind()).containsOnly(Map.entry("cublas gemm " + precision, 1L));
        assertThat(device.faults()).isEmpty();
    }
}
