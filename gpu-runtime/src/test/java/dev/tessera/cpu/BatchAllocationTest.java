package dev.tessera.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.AllocatedBytes;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchAllocationTest {
    private static final int[] WIDTHS = {40, 24, 16, 10};
    private static final int BATCHES = 100;
    /** The result and its tensors, the frame, and what the first product, whose input is new, is prepared with. */
    private static final long BYTES_PER_BATCH = 6 * 1024;

    private final PlanBuilder builder = new PlanBuilder();

    /** {@code softmax} of a perceptron. */
    private ExecutionPlan plan() {
        Operand layer = builder.column("x", DType.FLOAT32, WIDTHS[0]);
        for (int i = 1; i < WIDTHS.length; i++) {
            Operand weights = builder.constant(SamplePlans.random(i, WIDTHS[i - 1], WIDTHS[i]));
            Operand bias = builder.constant(SamplePlans.random(10 + i, WIDTHS[i]));
            Operand out = builder.row(DType.FLOAT32, WIDTHS[i]);
            builder.perRow(new GemmStep(
                    asRow(layer, WIDTHS[i - 1]),
                    weights,
                    asRow(bias, WIDTHS[i]),
                    ScalarOp.RELU,
                    asRow(out, WIDTHS[i])));
            layer = out;
        }
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        int exp = program.map(ScalarOp.EXP, program.map(ScalarOp.SUBTRACT, x, program.reduce(ReduceOp.MAX, x)));
        int softmax = program.map(ScalarOp.DIVIDE, exp, program.reduce(ReduceOp.SUM, exp));
        Operand out = builder.row(DType.FLOAT32, WIDTHS[3]);
        builder.perRow(new RowProgramStep(
                program.returning(softmax), List.of(), Dim.of(WIDTHS[3]), List.of(layer), List.of(out)));
        builder.output("y", out);
        return builder.build();
    }

    private static Operand asRow(Operand vector, int width) {
        return SamplePlans.view(vector, 0, SamplePlans.dims(1, width), SamplePlans.dims(width, 1));
    }

    private static Batch batch(int rows) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(rows * WIDTHS[0] * Float.BYTES).order(ByteOrder.nativeOrder());
        HostTensor x = HostTensor.contiguous(DType.FLOAT32, new long[] {rows, WIDTHS[0]}, bytes);
        return new Batch(rows, DimBinding.EMPTY, List.of(x));
    }

    @Test
    void aWarmBatchAllocatesAFewObjectsHoweverManyRowsItHas() {
        // The Vector API allocates until it is compiled.
        CpuBackend backend = CpuBackend.open(new RuntimeOptions(1, Map.of(CpuBackend.VECTOR_SETTING, "false")));
        TaskSpec spec = new TaskSpec(plan(), builder.constantValues(), Map.of());
        try (BackendTask task = backend.openTask(spec)) {
            for (int rows : new int[] {2000, 1}) {
                Batch batch = batch(rows);
                runAll(task, batch);
                long nativeBytes = task.nativeBytes();
                long bytes = AllocatedBytes.during(() -> runAll(task, batch)) / BATCHES;
                assertThat(bytes)
                        .as("heap bytes for each batch of %d rows", rows)
                        .isLessThan(BYTES_PER_BATCH);
                assertThat(task.nativeBytes()).isEqualTo(nativeBytes);
            }
        } finally {
            backend.close();
        }
    }

    private static void runAll(BackendTask task, Batch batch) {
        for (int i = 0; i < BATCHES; i++) {
            task.submit(batch).close();
        }
    }
}
