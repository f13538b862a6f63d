package dev.tessera.eval;

import dev.tessera.plan.RowProgram;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Runs a row program over inputs broadcast to one shape, whose last axis is the program's. */
final class RowProgramEvaluation {
    private final RowProgram program;
    private final List<Value> inputs;
    private final long[] sizes;
    private final ElementwiseEvaluation elementwise;
    private final ReductionEvaluation reductions;

    RowProgramEvaluation(RowProgram program, List<Value> inputs, long[] sizes, Rounding rounding) {
        this.program = program;
        this.inputs = inputs;
        this.sizes = sizes;
        this.elementwise = new ElementwiseEvaluation(rounding);
        this.reductions = new ReductionEvaluation(rounding);
    }

    List<Value> outputs() {
        List<RowProgram.Value> types = program.values();
        List<Value> values = new ArrayList<>();
        for (RowProgram.Instruction instruction : program.instructions()) {
            values.add(
                    evaluate(instruction, values, sizes(types.get(values.size()).isVector())));
        }
        return program.outputs().stream().map(values::get).toList();
    }

    private long[] sizes(boolean vector) {
        long[] result = sizes.clone();
        if (!vector && result.length > 0) {
            result[result.length - 1] = 1;
        }
        return result;
    }

    private Value evaluate(RowProgram.Instruction instruction, List<Value> values, long[] result) {
        return instruction.accept(new RowProgram.Visitor<>() {
            @Override
            public Value visit(RowProgram.Load load) {
                Value input = inputs.get(load.input());
                int[] positions = ElementwiseEvaluation.positions(input.sizes, result);
                Value out = new Value(input.dtype, result);
                for (int i = 0; i < out.count(); i++) {
                    out.copy(i, input, positions[i]);
                }
                return out;
            }

            @Override
            public Value visit(RowProgram.Immediate immediate) {
                DType dtype = immediate.dtype();
                Value out = new Value(dtype, result);
                for (int i = 0; i < out.count(); i++) {
                    out.set(i, immediate.doubleValue(), dtype.isFloating() ? 0 : immediate.bits(), 0);
                }
                return out;
            }

            @Override
            public Value visit(RowProgram.Map map) {
                return elementwise.apply(
                        map.op(), map.arguments().stream().map(values::get).toList(), result);
            }

            @Override
            public Value visit(RowProgram.Convert convert) {
                return elementwise.cast(values.get(convert.argument()), convert.dtype());
            }

            @Override
            public Value visit(RowProgram.Reduce reduce) {
                return reductions.reduce(reduce.op(), values.get(reduce.argument()), List.of(result.length - 1));
            }
        });
    }
}
