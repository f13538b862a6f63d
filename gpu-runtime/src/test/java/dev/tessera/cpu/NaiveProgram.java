package dev.tessera.cpu;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Runs a row program one lane at a time. */
final class NaiveProgram {
    private NaiveProgram() {}

    static List<Number[]> run(RowProgram program, List<Number[]> inputs, int length) {
        List<RowProgram.Value> types = program.values();
        List<Number[]> values = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            RowProgram.Instruction instruction = program.instructions().get(i);
            Number[] value = new Number[types.get(i).isVector() ? length : 1];
            for (int lane = 0; lane < value.length; lane++) {
                value[lane] = NaiveScalars.round(
                        compute(instruction, types, values, inputs, lane),
                        types.get(i).dtype());
            }
            values.add(value);
        }
        return program.outputs().stream().map(values::get).toList();
    }

    private static Number compute(
            RowProgram.Instruction instruction,
            List<RowProgram.Value> types,
            List<Number[]> values,
            List<Number[]> inputs,
            int lane) {
        if (instruction instanceof RowProgram.Load load) {
            return pick(inputs.get(load.input()), lane);
        }
        if (instruction instanceof RowProgram.Immediate immediate) {
            return immediate.dtype().isFloating() ? (Number) immediate.doubleValue() : (Number) immediate.bits();
        }
        List<Integer> arguments = instruction.arguments();
        DType dtype = types.get(arguments.get(arguments.size() - 1)).dtype();
        if (instruction instanceof RowProgram.Map map) {
            Number[] taken =
                    arguments.stream().map(v -> pick(values.get(v), lane)).toArray(Number[]::new);
            return NaiveScalars.apply(map.op(), dtype, taken);
        }
        if (instruction instanceof RowProgram.Convert convert) {
            return NaiveScalars.convert(pick(values.get(convert.argument()), lane), dtype, convert.dtype());
        }
        return reduce(((RowProgram.Reduce) instruction).op(), dtype, values.get(arguments.get(0)));
    }

    /** A scalar has one element, which is every lane's. An empty vector is never picked from. */
    private static Number pick(Number[] value, int lane) {
        return value.length == 1 ? value[0] : value[lane];
    }

    private static Number reduce(ReduceOp op, DType dtype, Number[] values) {
        Number result = switch (op) {
            case SUM, MEAN, ANY -> dtype.isFloating() ? (Number) 0.0 : (Number) 0L;
            case PROD, ALL -> dtype.isFloating() ? (Number) 1.0 : (Number) 1L;
            case SUPREMUM -> Double.NEGATIVE_INFINITY;
            // Of no elements none has a value, and nothing reads it.
            case MAX, MIN, ARGMAX, ARGMIN -> values.length == 0 ? (Number) 0L : values[0];
        };
        long best = 0;
        for (int i = 0; i < values.length; i++) {
            switch (op) {
                case ARGMAX, ARGMIN -> {
                    boolean isBetter = op == ReduceOp.ARGMAX
                            ? NaiveScalars.compare(values[i], values[(int) best]) > 0
                            : isSmaller(values[i], values[(int) best]);
                    best = isBetter ? i : best;
                }
                case SUM, MEAN, PROD, MAX, MIN, ANY, ALL, SUPREMUM -> result = combine(op, dtype, result, values[i]);
            }
        }
        return switch (op) {
            case ARGMAX, ARGMIN -> best;
            case MEAN -> result.doubleValue() / values.length;
            case SUM, PROD, MAX, MIN, ANY, ALL, SUPREMUM -> result;
        };
    }

    private static boolean isSmaller(Number value, Number than) {
        if (Double.isNaN(than.doubleValue())) {
            return false;
        }
        return Double.isNaN(value.doubleValue()) || NaiveScalars.compare(value, than) < 0;
    }

    static Number combine(ReduceOp op, DType dtype, Number left, Number right) {
        return switch (op) {
            case SUM, MEAN -> NaiveScalars.apply(ScalarOp.ADD, dtype, left, right);
            case PROD -> NaiveScalars.apply(ScalarOp.MULTIPLY, dtype, left, right);
            case MAX, ANY, SUPREMUM -> NaiveScalars.apply(ScalarOp.MAXIMUM, dtype, left, right);
            case MIN, ALL -> NaiveScalars.apply(ScalarOp.MINIMUM, dtype, left, right);
            case ARGMAX, ARGMIN -> throw new IllegalArgumentException(op.toString());
        };
    }
}
