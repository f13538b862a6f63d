package dev.tessera.cuda;

import static dev.tessera.tensor.DType.FLOAT32;
import static dev.tessera.tensor.DType.FLOAT64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cpu.PlanRuns;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.SyrkStep;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which calls of cuBLAS products become, and that each gives what the naive run gives. */
@ExtendWith(SimulatedCuda.class)
class BlasKindsTest {
    private static Backend open() {
        return new CudaBackendProvider()
                .open(new RuntimeOptions(
                        1,
                        Map.of(
                                "spark.tessera.gpu.libraryPath",
                                SimulatedCuda.libraryFolder().toString())));
    }

    private static Map<String, Long> launches(PlanBuilder plan, int rows, SimulatedDevice device) {
        Map<String, Long> launches;
        try (Backend backend = open()) {
            PlanRuns.compare(backend, plan.build(), plan.constantValues(), DimBinding.EMPTY, rows);
            TaskSpec spec = new TaskSpec(plan.build(), plan.constantValues(), Map.of());
            try (BackendTask task = backend.openTask(spec)) {
                List<HostTensor> inputs = new ArrayList<>();
                plan.build().rowInputs().forEach(input -> {
                    List<Long> sizes = new ArrayList<>(List.of((long) rows));
                    input.type().shape().dims().forEach(dim -> sizes.add(dim.size()));
                    inputs.add(HostTensor.zeros(
                            input.type().dtype(),
                            sizes.stream().mapToLong(Long::longValue).toArray()));
                });
                try (PendingBatch pending = task.submit(new Batch(rows, DimBinding.EMPTY, inputs))) {
                    pending.await();
                }
                launches = task.receipt().launchesByKind();
            }
        }
        assertThat(device.faults()).isEmpty();
        return launches;
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void theGramMatrixOfOneLargeMatrixIsHalfComputedAndMirrored(DType dtype, SimulatedDevice device) {
        for (int size : new int[] {256, 300}) {
            PlanBuilder plan = new PlanBuilder();
            Operand x = plan.column("x", dtype, size, 3);
            Operand out = plan.row(dtype, size, size);
            plan.perRow(new SyrkStep(x, out));
            plan.output("out", out);
            assertThat(launches(plan, 1, device))
                    .containsOnly(
                            Map.entry("cublas syrk " + dtype.numpyName(), 1L),
                            Map.entry("tessera_mirror_" + dtype.numpyName(), 1L));
        }
    }

    @Test
    void theGramMatrixOfColumnsReadsThemInPlace(SimulatedDevice device) {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT64, 3, 257);
        Operand out = plan.row(FLOAT64, 257, 257);
        plan.perRow(new SyrkStep(SamplePlans.view(x, 0, SamplePlans.dims(257, 3), SamplePlans.dims(1, 257)), out));
        plan.output("out", out);
        assertThat(launches(plan, 1, device)).containsEntry("cublas syrk float64", 1L);
    }

    @Test
    void smallOrManyGramMatricesAreGeneralProducts(SimulatedDevice device) {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 5, 3);
        Operand out = plan.row(FLOAT32, 5, 5);
        plan.perRow(new SyrkStep(x, out));
        plan.output("out", out);
        assertThat(launches(plan, 1, device)).containsOnlyKeys("cublas gemm float32");
        assertThat(launches(plan, 2, device)).containsOnlyKeys("cublas batched gemm float32");
    }

    @Test
    void aProductWithOneColumnOrOneRowIsThatOfAMatrixAndAVector(SimulatedDevice device) {
        PlanBuilder column = new PlanBuilder();
        Operand x = column.column("x", FLOAT32, 1, 20);
        Operand w = column.constant(SamplePlans.random(1, 20, 1));
        Operand y = column.row(FLOAT32, 1, 1);
        column.perRow(new GemmStep(x, w, null, null, y));
        column.output("y", y);
        assertThat(launches(column, 33, device)).containsOnly(Map.entry("cublas gemv float32", 1L));
        PlanBuilder row = new PlanBuilder();
        Operand x1 = row.column("x", FLOAT32, 1, 20);
        Operand w1 = row.constant(SamplePlans.random(2, 7, 20));
        Operand y1 = row.row(FLOAT32, 1, 7);
        Operand turned = SamplePlans.view(w1, 0, SamplePlans.dims(20, 7), SamplePlans.dims(1, 20));
        row.perRow(new GemmStep(x1, turned, null, null, y1));
        row.output("y", y1);
        assertThat(launches(row, 1, device)).containsOnly(Map.entry("cublas gemv float32", 1L));
        assertThat(launches(row, 2, device)).containsOnly(Map.entry("cublas gemm float32", 1L));
    }
}
