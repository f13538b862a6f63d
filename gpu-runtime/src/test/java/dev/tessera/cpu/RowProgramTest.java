package dev.tessera.cpu;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.ScalarOp;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowProgramTest {
    private final CpuBackend backend = CpuBackend.open(
            new RuntimeOptions(1, Map.of(CpuBackend.OPENBLAS_SETTING, "false", CpuBackend.VECTOR_SETTING, "false")));

    private void compare(ExecutionPlan plan, Map<String, Long> dims, int... rows) {
        PlanRuns.compare(backend, plan, Map.of(), new DimBinding(dims), rows);
    }

    @Test
    void randomProgramsGiveWhatLoopsGive() {
        for (long seed = 0; seed < 120; seed++) {
            compare(RandomPrograms.plan(seed), Map.of(), 1, 7, 40);
        }
    }

    @Test
    void rowsTooLongToKeepGiveWhatLoopsGive() {
        for (long seed = 0; seed < 12; seed++) {
            compare(RandomPrograms.longPlan(seed), Map.of(), 2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BOOL", "INT32", "INT64", "FLOAT32", "FLOAT64"})
    void everyFunctionTakesEveryDTypeItSays(DType dtype) {
        for (ScalarOp op : ScalarOp.values()) {
            if (op.accepts(dtype)) {
                PlanBuilder plan = new PlanBuilder();
                ProgramBuilder program = new ProgramBuilder();
                Operand[] columns = new Operand[op.arity()];
                Integer[] arguments = new Integer[op.arity()];
                for (int i = 0; i < columns.length; i++) {
                    DType of = op == ScalarOp.WHERE && i == 0 ? DType.BOOL : dtype;
                    columns[i] = plan.column("x" + i, of, 5);
                    arguments[i] = program.vector(of);
                }
                int result = program.map(op, arguments);
                Operand out = plan.row(op.resultDType(dtype), 5);
                plan.perRow(new RowProgramStep(
                        program.returning(result), List.of(), Dim.of(5), List.of(columns), List.of(out)));
                plan.output("y", out);
                compare(plan.build(), Map.of(), 20);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BOOL", "INT32", "INT64", "FLOAT32", "FLOAT64"})
    void everyReductionAndConversionTakesEveryDTypeItSays(DType dtype) {
        for (ReduceOp op : ReduceOp.values()) {
            if (op.accepts(dtype)) {
                for (long length : new long[] {1, 3, 300, 1500}) {
                    compare(reduction(op, dtype, Dim.of(length)), Map.of(), 9);
                }
            }
        }
        for (DType to : new DType[] {DType.BOOL, DType.INT32, DType.INT64, DType.FLOAT32, DType.FLOAT64}) {
            PlanBuilder plan = new PlanBuilder();
            ProgramBuilder program = new ProgramBuilder();
            Operand x = plan.column("x", dtype, 5);
            Operand out = plan.row(to, 5);
            int converted = program.convert(to, program.vector(dtype));
            plan.perRow(
                    new RowProgramStep(program.returning(converted), List.of(), Dim.of(5), List.of(x), List.of(out)));
            plan.output("y", out);
            compare(plan.build(), Map.of(), 20);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5})
    void anAxisMayBeEmptyInOneBatchAndNotInAnother(long n) {
        compare(reduction(ReduceOp.SUM, DType.FLOAT32, Dim.named("n")), Map.of("n", n), 0, 3);
        compare(reduction(ReduceOp.MEAN, DType.FLOAT64, Dim.named("n")), Map.of("n", n), 0, 3);
        compare(reduction(ReduceOp.SUPREMUM, DType.FLOAT32, Dim.named("n")), Map.of("n", n), 0, 3);
        compare(reduction(ReduceOp.ALL, DType.BOOL, Dim.named("n")), Map.of("n", n), 0, 3);
    }

    /** Passes work in place where they can: not on what is read again, be it by the same pass or the one after. */
    @ParameterizedTest
    @ValueSource(longs = {5, 129, 1500})
    void valuesThatALaterPassReadsAgainAreNotOverwritten(long length) {
        PlanBuilder plan = new PlanBuilder();
        ProgramBuilder program = new ProgramBuilder();
        Operand x = plan.column("x", DType.FLOAT32, length);
        Operand normalized = plan.row(DType.FLOAT32, length);
        Operand scaled = plan.row(DType.FLOAT32, length);
        int value = program.vector(DType.FLOAT32);
        int shifted = program.map(ScalarOp.SUBTRACT, value, program.reduce(ReduceOp.MAX, value));
        int exp = program.map(ScalarOp.EXP, shifted);
        int sum = program.reduce(ReduceOp.SUM, program.map(ScalarOp.MULTIPLY, exp, shifted));
        int first = program.map(ScalarOp.DIVIDE, program.map(ScalarOp.MULTIPLY, exp, exp), sum);
        int second = program.map(ScalarOp.ADD, program.map(ScalarOp.MULTIPLY, value, sum), exp);
        plan.perRow(new RowProgramStep(
                program.returning(first, second), List.of(), Dim.of(length), List.of(x), List.of(normalized, scaled)));
        plan.output("first", normalized);
        plan.output("second", scaled);
        compare(plan.build(), Map.of(), 1, 40);
    }

    @Test
    void softmaxOfNothingIsNothing() {
        PlanBuilder plan = new PlanBuilder();
        ProgramBuilder program = new ProgramBuilder();
        Operand x = plan.column("x", DType.FLOAT32, "n");
        Operand out = plan.row(DType.FLOAT32, "n");
        int value = program.vector(DType.FLOAT32);
        int shifted = program.map(ScalarOp.SUBTRACT, value, program.reduce(ReduceOp.SUPREMUM, value));
        plan.perRow(
                new RowProgramStep(program.returning(shifted), List.of(), Dim.named("n"), List.of(x), List.of(out)));
        plan.output("y", out);
        compare(plan.build(), Map.of("n", 0L), 3);
    }

    private static ExecutionPlan reduction(ReduceOp op, DType dtype, Dim length) {
        PlanBuilder plan = new PlanBuilder();
        ProgramBuilder program = new ProgramBuilder();
        Operand x = plan.column("x", dtype, length);
        Operand out = plan.row(op.resultDType(dtype));
        int reduced = program.reduce(op, program.vector(dtype));
        plan.perRow(new RowProgramStep(program.returning(reduced), List.of(), length, List.of(x), List.of(out)));
        plan.output("y", out);
        return plan.build();
    }
}
