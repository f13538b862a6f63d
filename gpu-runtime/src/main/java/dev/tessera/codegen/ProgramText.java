package dev.tessera.codegen;

import dev.tessera.plan.RowProgram;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** The values of a row program as declarations {@code v0, v1, ...}. */
final class ProgramText {
    private final RowProgram program;
    private final List<RowProgram.Value> values;
    private final KernelText text;

    ProgramText(RowProgram program, KernelText text) {
        this.program = program;
        this.values = program.values();
        this.text = text;
    }

    RowProgram.Value value(int index) {
        return values.get(index);
    }

    /** What {@code wanted} are computed from along the axis, and they: vectors, down to scalars and loads. */
    BitSet vectorsFor(Iterable<Integer> wanted) {
        return vectorsFor(program, values, wanted);
    }

    /** The same of a program with these values. */
    static BitSet vectorsFor(RowProgram program, List<RowProgram.Value> values, Iterable<Integer> wanted) {
        BitSet needed = new BitSet(values.size());
        wanted.forEach(value -> needed.set(value, values.get(value).isVector()));
        for (int value = values.size() - 1; value >= 0; value--) {
            if (needed.get(value)) {
                for (int argument : program.instructions().get(value).arguments()) {
                    needed.set(
                            argument,
                            needed.get(argument) || values.get(argument).isVector());
                }
            }
        }
        return needed;
    }

    /** The scalars of a stage that are not reductions. */
    BitSet scalarsOf(int stage) {
        BitSet scalars = new BitSet(values.size());
        for (int value = 0; value < values.size(); value++) {
            boolean isReduction = program.instructions().get(value) instanceof RowProgram.Reduce;
            scalars.set(
                    value,
                    !isReduction
                            && !values.get(value).isVector()
                            && values.get(value).stage() == stage);
        }
        return scalars;
    }

    /** Declares values, loading an input as {@code load} says. */
    void declare(BitSet declared, IntFunction<String> load) {
        for (int value = declared.nextSetBit(0); value >= 0; value = declared.nextSetBit(value + 1)) {
            String type = KernelText.type(values.get(value).dtype());
            text.line("const %s v%d = %s;".formatted(type, value, expression(value, load)));
        }
    }

    private String expression(int value, IntFunction<String> load) {
        return program.instructions().get(value).accept(new RowProgram.Visitor<>() {
            @Override
            public String visit(RowProgram.Load instruction) {
                return load.apply(instruction.input());
            }

            @Override
            public String visit(RowProgram.Immediate immediate) {
                return ScalarText.immediate(immediate);
            }

            @Override
            public String visit(RowProgram.Map map) {
                return map.arguments().stream()
                        .map(argument -> "v" + argument)
                        .collect(Collectors.joining(", ", ScalarText.function(map.op()) + "(", ")"));
            }

            @Override
            public String visit(RowProgram.Convert convert) {
                return "%s(v%d)".formatted(ScalarText.conversion(convert.dtype()), convert.argument());
            }

            @Override
            public String visit(RowProgram.Reduce reduce) {
                throw new IllegalStateException("A reduction is no expression of one element");
            }
        });
    }
}
