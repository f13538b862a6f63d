package dev.tessera.cpu;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProductTest {
    private static final DType[] DTYPES = {DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64};

    /** How an operand lies in its slot. */
    private enum Layout {
        DENSE,
        TRANSPOSED,
        REVERSED,
        REPEATED
    }

    private final CpuBackend openBlas =
            CpuBackend.open(new RuntimeOptions(1, Map.of(CpuBackend.VECTOR_SETTING, "false")));
    private final CpuBackend plain = CpuBackend.open(
            new RuntimeOptions(1, Map.of(CpuBackend.OPENBLAS_SETTING, "false", CpuBackend.VECTOR_SETTING, "false")));

    @Test
    void everyLayoutOfOperandsGivesWhatLoopsGive() {
        for (DType dtype : DTYPES) {
            for (Layout a : Layout.values()) {
                for (Layout b : Layout.values()) {
                    for (int varying = 1; varying < 4; varying++) {
                        check(new Case(dtype, a, b, varying, List.of(3L, 4L, 2L)));
                    }
                }
            }
        }
    }

    @Test
    void sizesOfZeroAndOneGiveWhatLoopsGive() {
        for (long m : new long[] {0, 1, 5}) {
            for (long k : new long[] {0, 1, 33}) {
                for (long n : new long[] {0, 1, 6}) {
                    for (int varying = 1; varying < 4; varying++) {
                        check(new Case(DType.FLOAT32, Layout.DENSE, Layout.DENSE, varying, List.of(m, k, n)));
                        check(new Case(DType.FLOAT64, Layout.TRANSPOSED, Layout.DENSE, varying, List.of(m, k, n)));
                    }
                }
            }
        }
    }

    @Test
    void whatFollowsAProductReachesTheRowsOfEveryPanel() {
        // A row of the result is 1 KiB and a panel 1 MiB, so that the second panel has the last row alone.
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", DType.FLOAT32, 1, 2);
        Operand bias = plan.parameter("bias", DType.FLOAT32, 1, 256);
        Operand out = plan.row(DType.FLOAT32, 1, 256);
        plan.perRow(new GemmStep(x, plan.parameter("w", DType.FLOAT32, 2, 256), bias, ScalarOp.RELU, out));
        plan.output("y", out);
        for (CpuBackend backend : List.of(openBlas, plain)) {
            PlanRuns.compare(backend, plan.build(), Map.of(), DimBinding.EMPTY, 1025);
        }
    }

    /** Which of a (1) and b (2) vary by row, and the sizes m, k and n. */
    private record Case(DType dtype, Layout a, Layout b, int varying, List<Long> sizes) {}

    private void check(Case c) {
        PlanBuilder plan = new PlanBuilder();
        long m = c.sizes.get(0);
        long k = c.sizes.get(1);
        long n = c.sizes.get(2);
        Operand a = operand(plan, "a", (c.varying & 1) != 0, c, c.a, m, k);
        Operand b = operand(plan, "b", (c.varying & 2) != 0, c, c.b, k, n);
        Operand bias = plan.parameter("bias", c.dtype, n);
        Operand repeated = SamplePlans.view(bias, 0, SamplePlans.dims(2, m, n), SamplePlans.dims(0, 0, 1));
        Operand out = plan.row(c.dtype, 2, m, n);
        boolean isTurned = c.b == Layout.TRANSPOSED;
        Operand written =
                isTurned ? SamplePlans.view(out, 0, SamplePlans.dims(2, m, n), SamplePlans.dims(m * n, 1, m)) : out;
        plan.perRow(new GemmStep(a, b, repeated, ScalarOp.RELU, written));
        plan.output("y", written);
        ExecutionPlan built = plan.build();
        for (CpuBackend backend : List.of(openBlas, plain)) {
            PlanRuns.compare(backend, built, Map.of(), DimBinding.EMPTY, 1, 3, 0);
        }
    }

    /** A stack of two matrices. */
    private static Operand operand(
            PlanBuilder plan, String name, boolean isRow, Case c, Layout layout, long rows, long columns) {
        Object[] sizes = layout == Layout.TRANSPOSED
                ? new Object[] {2, columns, rows}
                : new Object[] {layout == Layout.REPEATED ? 1 : 2, rows, columns};
        Operand whole = isRow ? plan.column(name, c.dtype, sizes) : plan.parameter(name, c.dtype, sizes);
        List<Dim> dims = SamplePlans.dims(2, rows, columns);
        List<Dim> strides = new ArrayList<>(whole.strides());
        return switch (layout) {
            case DENSE -> whole;
            case TRANSPOSED -> {
                Collections.swap(strides, 1, 2);
                yield SamplePlans.view(whole, 0, dims, strides);
            }
            case REVERSED -> {
                strides.set(1, strides.get(1).times(-1));
                yield SamplePlans.view(whole, Math.max(0, rows - 1) * columns, dims, strides);
            }
            case REPEATED -> {
                strides.set(0, Dim.ZERO);
                yield SamplePlans.view(whole, 0, dims, strides);
            }
        };
    }
}
