package dev.tessera.cpu;

import dev.tessera.plan.CopyStep;
import dev.tessera.plan.CumulativeSumStep;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GatherStep;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.ReduceRowsStep;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.ScalarOp;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import dev.tessera.plan.SyrkStep;
import dev.tessera.plan.TopKStep;
import dev.tessera.runtime.Batch;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs a plan one element at a time, floats in double, as plainly as it can be written. */
public final class NaivePlan implements Step.Visitor<Boolean> {
    private final ExecutionPlan plan;
    private final DimBinding dims;
    /** By slot and row; one row for slots that all rows share. */
    private final Number[][][] slots;

    private final Set<Integer> badRows = new TreeSet<>();
    private int row;

    private NaivePlan(ExecutionPlan plan, DimBinding dims, int rowCount) {
        this.plan = plan;
        this.dims = dims;
        this.slots = new Number[plan.slots().size()][][];
        for (int slot = 0; slot < slots.length; slot++) {
            boolean isRow = plan.slots().get(slot).scope() == Scope.ROW;
            int size = (int) plan.slots().get(slot).elementCount().evaluate(dims);
            slots[slot] = new Number[isRow ? rowCount : 1][size];
        }
    }

    /** What a plan gives for a batch: the elements of every output by row, and the bad rows. */
    public record Result(List<Number[][]> outputs, Set<Integer> badRows) {}

    public static Result run(
            ExecutionPlan plan, Map<String, HostTensor> constants, Map<String, HostTensor> parameters, Batch batch) {
        NaivePlan naive = new NaivePlan(plan, batch.dims(), batch.rowCount());
        plan.constants().forEach(c -> naive.slots[c.slot()][0] = NaiveScalars.elements(constants.get(c.digest())));
        plan.parameters().forEach(p -> naive.slots[p.slot()][0] = NaiveScalars.elements(parameters.get(p.name())));
        for (int i = 0; i < batch.inputs().size(); i++) {
            for (int row = 0; row < batch.rowCount(); row++) {
                naive.slots[plan.rowInputs().get(i).slot()][row] =
                        NaiveScalars.elements(batch.inputs().get(i).row(row));
            }
        }
        plan.invariantSteps().forEach(step -> step.accept(naive));
        for (Step step : plan.rowSteps()) {
            for (naive.row = 0; naive.row < batch.rowCount(); naive.row++) {
                step.accept(naive);
            }
        }
        List<Number[][]> outputs = new ArrayList<>();
        for (ExecutionPlan.PlanOutput output : plan.outputs()) {
            Number[][] rows = new Number[batch.rowCount()][];
            for (int row = 0; row < rows.length; row++) {
                naive.row = row;
                rows[row] = naive.values(output.value());
            }
            outputs.add(rows);
        }
        return new Result(outputs, naive.badRows);
    }

    private Number[] slot(Operand operand) {
        Number[][] rows = slots[operand.slot()];
        return plan.slots().get(operand.slot()).scope() == Scope.ROW ? rows[row] : rows[0];
    }

    private DType dtype(Operand operand) {
        return plan.slots().get(operand.slot()).dtype();
    }

    private int[] sizes(Operand operand) {
        return operand.dims().stream().mapToInt(d -> (int) d.evaluate(dims)).toArray();
    }

    private int at(Operand operand, int... index) {
        long at = operand.offset().evaluate(dims);
        for (int axis = 0; axis < index.length; axis++) {
            at += index[axis] * operand.strides().get(axis).evaluate(dims);
        }
        return (int) at;
    }

    private Number read(Operand operand, int... index) {
        return slot(operand)[at(operand, index)];
    }

    private void write(Operand operand, Number value, int... index) {
        slot(operand)[at(operand, index)] = NaiveScalars.round(value, dtype(operand));
    }

    private Number[] values(Operand operand) {
        return NaiveScalars.indices(sizes(operand)).stream()
                .map(index -> read(operand, index))
                .toArray(Number[]::new);
    }

    private static int[] plus(int[] index, int... more) {
        int[] all = Arrays.copyOf(index, index.length + more.length);
        System.arraycopy(more, 0, all, index.length, more.length);
        return all;
    }

    private static int[] replace(int[] index, int axis, int value) {
        int[] replaced = index.clone();
        replaced[axis] = value;
        return replaced;
    }

    @Override
    public Boolean visit(RowProgramStep step) {
        int[] outer =
                step.outer().stream().mapToInt(d -> (int) d.evaluate(dims)).toArray();
        int length = (int) step.length().evaluate(dims);
        for (int[] index : NaiveScalars.indices(outer)) {
            List<Number[]> inputs = new ArrayList<>();
            for (Operand input : step.inputs()) {
                boolean isVector = input.rank() > outer.length;
                Number[] values = new Number[isVector ? length : 1];
                for (int i = 0; i < values.length; i++) {
                    values[i] = isVector ? read(input, plus(index, i)) : read(input, index);
                }
                inputs.add(values);
            }
            List<Number[]> results = NaiveProgram.run(step.program(), inputs, length);
            for (int i = 0; i < step.outputs().size(); i++) {
                Operand output = step.outputs().get(i);
                Number[] result = results.get(i);
                for (int lane = 0; lane < result.length; lane++) {
                    write(output, result[lane], output.rank() > outer.length ? plus(index, lane) : index);
                }
            }
        }
        return true;
    }

    @Override
    public Boolean visit(GemmStep step) {
        int inner = sizes(step.a())[step.a().rank() - 1];
        int last = step.out().rank() - 1;
        for (int[] index : NaiveScalars.indices(sizes(step.out()))) {
            Number sum = 0;
            for (int p = 0; p < inner; p++) {
                Number product = NaiveScalars.apply(
                        ScalarOp.MULTIPLY,
                        dtype(step.out()),
                        read(step.a(), replace(index, last, p)),
                        read(step.b(), replace(index, last - 1, p)));
                sum = NaiveScalars.apply(ScalarOp.ADD, dtype(step.out()), sum, product);
            }
            if (step.bias() != null) {
                sum = NaiveScalars.apply(ScalarOp.ADD, dtype(step.out()), sum, read(step.bias(), index));
            }
            if (step.activation() != null) {
                sum = NaiveScalars.apply(step.activation(), dtype(step.out()), sum);
            }
            write(step.out(), sum, index);
        }
        return true;
    }

    @Override
    public Boolean visit(SyrkStep step) {
        int last = step.out().rank() - 1;
        int inner = sizes(step.a())[last];
        for (int[] index : NaiveScalars.indices(sizes(step.out()))) {
            double sum = 0;
            for (int p = 0; p < inner; p++) {
                int[] left = replace(index, last, p);
                int[] right = replace(replace(index, last - 1, index[last]), last, p);
                sum += read(step.a(), left).doubleValue()
                        * read(step.a(), right).doubleValue();
            }
            write(step.out(), sum, index);
        }
        return true;
    }

    @Override
    public Boolean visit(CopyStep step) {
        for (int[] index : NaiveScalars.indices(sizes(step.out()))) {
            write(step.out(), read(step.source(), index), index);
        }
        return true;
    }

    @Override
    public Boolean visit(GatherStep step) {
        int axis = step.axis();
        int rank = step.indices().rank();
        long size = sizes(step.source())[axis];
        for (int[] index : NaiveScalars.indices(sizes(step.out()))) {
            long taken = read(step.indices(), Arrays.copyOfRange(index, axis, axis + rank))
                    .longValue();
            if (taken < -size || taken >= size) {
                badRows.add(row);
                write(step.out(), 0, index);
            } else {
                int[] before = Arrays.copyOf(index, axis);
                int[] after = Arrays.copyOfRange(index, axis + rank, index.length);
                int[] from = plus(plus(before, (int) Math.floorMod(taken, size)), after);
                write(step.out(), read(step.source(), from), index);
            }
        }
        return true;
    }

    @Override
    public Boolean visit(CumulativeSumStep step) {
        for (int[] index : NaiveScalars.indices(sizes(step.out()))) {
            Number sum = 0;
            for (int i = 0; i <= index[step.axis()]; i++) {
                Number element = read(step.source(), replace(index, step.axis(), i));
                sum = NaiveScalars.apply(ScalarOp.ADD, dtype(step.out()), sum, element);
            }
            write(step.out(), sum, index);
        }
        return true;
    }

    @Override
    public Boolean visit(TopKStep step) {
        int last = step.source().rank() - 1;
        int length = sizes(step.source())[last];
        for (int[] index : NaiveScalars.indices(sizes(step.values()))) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                order.add(i);
            }
            order.sort((i, j) -> NaiveScalars.compare(
                    read(step.source(), replace(index, last, j)), read(step.source(), replace(index, last, i))));
            int taken = order.get(index[last]);
            write(step.values(), read(step.source(), replace(index, last, taken)), index);
            write(step.indices(), taken, index);
        }
        return true;
    }

    @Override
    public Boolean visit(ReduceRowsStep step) {
        for (int[] index : NaiveScalars.indices(sizes(step.source()))) {
            Number element = read(step.source(), index);
            Number before = row == 0 ? element : read(step.accumulator(), index);
            write(
                    step.accumulator(),
                    row == 0 ? element : NaiveProgram.combine(step.op(), dtype(step.source()), before, element),
                    index);
        }
        return true;
    }
}
