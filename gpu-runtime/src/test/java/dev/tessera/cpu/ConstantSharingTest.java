package dev.tessera.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.plan.Scope;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConstantSharingTest {
    /** {@code x @ (u @ v)}: a product of constants, 4 x 8 floats, of which the rest of the plan sees nothing else. */
    private static final PlanBuilder PRODUCT = productOfConstants();

    private static final long PRODUCT_BYTES = 4 * 8 * Float.BYTES;
    /** Those of u and v, 4 x 3 and 3 x 8. */
    private static final long FACTOR_BYTES = (4 * 3 + 3 * 8) * Float.BYTES;

    private CpuBackend backend = backend(1 << 20);

    private static CpuBackend backend(long maxBytes) {
        return CpuBackend.open(new RuntimeOptions(
                1,
                Map.of(
                        CpuBackend.VECTOR_SETTING,
                        "false",
                        CpuBackend.MAX_CONSTANT_BYTES_SETTING,
                        Long.toString(maxBytes))));
    }

    @AfterEach
    void close() {
        assertThat(backend.nativeBytes()).isZero();
        backend.close();
        assertThat(backend.heldConstantBytes()).isZero();
    }

    private static PlanBuilder productOfConstants() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", DType.FLOAT32, 1, 4);
        Operand u = plan.constant(SamplePlans.random(1, 4, 3));
        Operand v = plan.constant(SamplePlans.random(2, 3, 8));
        Operand product = plan.slot(Scope.CONSTANT, DType.FLOAT32, Shape.of(4, 8));
        plan.once(new GemmStep(u, v, null, null, product));
        Operand out = plan.row(DType.FLOAT32, 1, 8);
        plan.perRow(new GemmStep(x, product, null, null, out));
        plan.output("y", out);
        return plan;
    }

    private BackendTask openProduct() {
        return backend.openTask(new TaskSpec(PRODUCT.build(), PRODUCT.constantValues(), Map.of()));
    }

    private static Batch batch() {
        return PlanRuns.batch(PRODUCT.build(), DimBinding.EMPTY, 5, 3);
    }

    private static float[] run(BackendTask task) {
        try (PendingBatch pending = task.submit(batch())) {
            return pending.await().outputs().get(0).toFloatArray();
        }
    }

    @Test
    void tasksOfOnePlanShareOneCopyOfEachConstantAndOneComputation() {
        try (BackendTask first = openProduct();
                BackendTask second = openProduct()) {
            assertThat(run(second)).isEqualTo(run(first));
            assertThat(first.receipt().stepsByKind().get("gemm")
                            + second.receipt().stepsByKind().get("gemm"))
                    .isEqualTo(3);
        }
        try (BackendTask later = openProduct()) {
            run(later);
            assertThat(later.receipt().stepsByKind()).containsEntry("gemm", 1L);
        }
        assertThat(backend.heldConstantBytes()).isEqualTo(PRODUCT_BYTES + FACTOR_BYTES);
    }

    @Test
    void plansThatMeanTheSameBytesShareTheirCopy() {
        HostTensor w = SamplePlans.random(3, 4, 8);
        for (ScalarOp activation : List.of(ScalarOp.RELU, ScalarOp.TANH)) {
            PlanBuilder plan = new PlanBuilder();
            Operand out = plan.row(DType.FLOAT32, 1, 8);
            plan.perRow(new GemmStep(plan.column("x", DType.FLOAT32, 1, 4), plan.constant(w), null, activation, out));
            plan.output("y", out);
            PlanRuns.compare(backend, plan.build(), plan.constantValues(), DimBinding.EMPTY, 2, 5);
        }
        assertThat(backend.heldConstantBytes()).isEqualTo(w.sizeInBytes());
    }

    @Test
    void aSmallCapEvictsWhatIsNotLeasedAndLeavesWhatIs() {
        backend.close();
        backend = backend(PRODUCT_BYTES);
        float[] expected;
        try (BackendTask task = openProduct()) {
            expected = run(task);
            // The factors were only needed to compute the product.
            assertThat(backend.heldConstantBytes()).isEqualTo(PRODUCT_BYTES);
            SamplePlans.Sample other = SamplePlans.denseLayer();
            PlanRuns.compare(backend, other.plan(), other.constants(), DimBinding.EMPTY, 3);
            assertThat(run(task)).isEqualTo(expected);
            assertThat(backend.heldConstantBytes()).isEqualTo(PRODUCT_BYTES);
        }
        SamplePlans.Sample other = SamplePlans.denseLayer();
        PlanRuns.compare(backend, other.plan(), other.constants(), DimBinding.EMPTY, 3);
        assertThat(backend.heldConstantBytes()).isLessThanOrEqualTo(PRODUCT_BYTES);
        try (BackendTask task = openProduct()) {
            assertThat(run(task)).isEqualTo(expected);
        }
    }

    @Test
    void tasksThatOpenAtOnceComputeOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<Long>> products = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                products.add(threads.submit(() -> {
                    start.await();
                    try (BackendTask task = openProduct()) {
                        run(task);
                        return task.receipt().stepsByKind().get("gemm");
                    }
                }));
            }
            start.countDown();
            long sum = 0;
            for (Future<Long> count : products) {
                sum += count.get();
            }
            assertThat(sum).isEqualTo(12 + 1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aValueWithAnotherDigestReachesNoOtherTask() {
        Map<String, HostTensor> forged = new HashMap<>();
        PRODUCT.constantValues()
                .forEach((digest, value) -> forged.put(digest, HostTensor.zeros(DType.FLOAT32, value.sizes())));
        try (BackendTask task = backend.openTask(new TaskSpec(PRODUCT.build(), forged, Map.of()))) {
            assertThatThrownBy(() -> run(task))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot run plan: the value given for constant ");
        }
        assertThat(backend.heldConstantBytes()).isZero();
    }

    @Test
    void whatDependsOnAParameterIsEachTasksOwn() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", DType.FLOAT32, 3);
        Operand c = plan.constant(HostTensor.of(new float[] {1, 2, 3}));
        Operand p = plan.parameter("p", DType.FLOAT32, 3);
        // One slot serves two values in turn; the parameter's step reads the first.
        Operand turn = plan.slot(Scope.CONSTANT, DType.FLOAT32, c.shape());
        Operand scaled = plan.slot(Scope.PARAMETER, DType.FLOAT32, c.shape());
        plan.once(map(ScalarOp.ADD, c, c, turn));
        plan.once(map(ScalarOp.MULTIPLY, turn, p, scaled));
        plan.once(map(ScalarOp.MULTIPLY, c, c, turn));
        Operand sum = plan.row(DType.FLOAT32, 3);
        Operand out = plan.row(DType.FLOAT32, 3);
        plan.perRow(map(ScalarOp.ADD, x, scaled, sum));
        plan.perRow(map(ScalarOp.ADD, sum, turn, out));
        plan.output("y", out);
        for (float factor : new float[] {1, 10}) {
            HostTensor parameter = HostTensor.of(new float[] {factor, factor, factor});
            TaskSpec spec = new TaskSpec(plan.build(), plan.constantValues(), Map.of("p", parameter));
            HostTensor row = HostTensor.of(new float[] {100, 200, 300}, 1, 3);
            try (BackendTask task = backend.openTask(spec);
                    PendingBatch pending = task.submit(new Batch(1, DimBinding.EMPTY, List.of(row)))) {
                // x + 2cp + cc
                assertThat(pending.await().outputs().get(0).toFloatArray())
                        .containsExactly(100 + 2 * factor + 1, 200 + 4 * factor + 4, 300 + 6 * factor + 9);
            }
        }
    }

    private static RowProgramStep map(ScalarOp op, Operand left, Operand right, Operand out) {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        int y = program.vector(DType.FLOAT32);
        int result = program.map(op, x, y);
        return new RowProgramStep(program.returning(result), List.of(), Dim.of(3), List.of(left, right), List.of(out));
    }
}
