package dev.tessera.plan;

import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A straight-line program over one axis: element-wise instructions and reductions of that axis, in single assignment.
 *
 * <p>Value {@code i} is the result of instruction {@code i}. A value either varies along the axis (a vector of its
 * length) or not (a scalar); a scalar meeting a vector is repeated. Softmax, for one, is load, reduce max, subtract, exp,
 * reduce sum, divide. An output that varies is written along the axis, another once.
 */
public record RowProgram(List<Input> inputs, List<Instruction> instructions, List<Integer> outputs) {
    public RowProgram {
        inputs = List.copyOf(inputs);
        instructions = List.copyOf(instructions);
        outputs = List.copyOf(outputs);
    }

    /** What is loaded: its dtype, and whether it varies along the axis. */
    public record Input(DType dtype, boolean isVector) {}

    /** Computes one value. */
    public sealed interface Instruction permits Load, Immediate, Map, Convert, Reduce {
        <R> R accept(Visitor<R> visitor);

        /** The values that this reads. */
        List<Integer> arguments();
    }

    /** One method per kind of instruction and no defaults, so that a new kind fails to compile wherever it is unhandled. */
    public interface Visitor<R> {
        R visit(Load load);

        R visit(Immediate immediate);

        R visit(Map map);

        R visit(Convert convert);

        R visit(Reduce reduce);
    }

    /** The value of an input. */
    public record Load(int input) implements Instruction {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }

        @Override
        public List<Integer> arguments() {
            return List.of();
        }
    }

    /**
     * A scalar known to the program. The bits are those of {@link Double#doubleToRawLongBits} for both float dtypes, and
     * the value itself for integers and bools.
     */
    public record Immediate(DType dtype, long bits) implements Instruction {
        public double doubleValue() {
            return dtype.isFloating() ? Double.longBitsToDouble(bits) : bits;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }

        @Override
        public List<Integer> arguments() {
            return List.of();
        }
    }

    /** A scalar function of values. */
    public record Map(ScalarOp op, List<Integer> arguments) implements Instruction {
        public Map {
            arguments = List.copyOf(arguments);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * A value in another dtype. Float to integer truncates toward zero, NaN gives 0 and what is out of range the nearest
     * end, as in Java; integers wrap; anything to bool is whether it differs from 0.
     */
    public record Convert(DType dtype, int argument) implements Instruction {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }

        @Override
        public List<Integer> arguments() {
            return List.of(argument);
        }
    }

    /** The reduction of a vector along the axis. */
    public record Reduce(ReduceOp op, int argument) implements Instruction {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }

        @Override
        public List<Integer> arguments() {
            return List.of(argument);
        }
    }

    /** What is known of a value: its dtype, whether it varies along the axis, and after how many reductions it is known. */
    public record Value(DType dtype, boolean isVector, int stage) {}

    /**
     * The dtype, extent and stage of every value. Stage 0 needs no reduction; a reduction of a stage-k value is of stage
     * k+1, and a value is of the latest stage of its arguments.
     *
     * @throws IllegalArgumentException if an instruction reads a value that is not yet computed or of a wrong dtype
     */
    public List<Value> values() {
        List<Value> values = new ArrayList<>();
        Typing typing = new Typing(this, values);
        for (Instruction instruction : instructions) {
            for (int argument : instruction.arguments()) {
                if (argument < 0 || argument >= values.size()) {
                    throw new IllegalArgumentException("Cannot run row program: instruction %d (%s) reads value %d"
                            .formatted(values.size(), instruction, argument));
                }
            }
            values.add(instruction.accept(typing));
        }
        return Collections.unmodifiableList(values);
    }

    public boolean hasReductions() {
        return instructions.stream().anyMatch(Reduce.class::isInstance);
    }

    private record Typing(RowProgram program, List<Value> values) implements Visitor<Value> {
        @Override
        public Value visit(Load load) {
            if (load.input() < 0 || load.input() >= program.inputs().size()) {
                throw new IllegalArgumentException("Cannot run row program: no input " + load.input());
            }
            Input input = program.inputs().get(load.input());
            return new Value(input.dtype(), input.isVector(), 0);
        }

        @Override
        public Value visit(Immediate immediate) {
            return new Value(immediate.dtype(), false, 0);
        }

        @Override
        public Value visit(Map map) {
            if (map.arguments().size() != map.op().arity()) {
                throw new IllegalArgumentException("Cannot run row program: %s takes %d arguments, not %d"
                        .formatted(map.op(), map.op().arity(), map.arguments().size()));
            }
            List<Value> arguments = map.arguments().stream().map(values::get).toList();
            boolean where = map.op() == ScalarOp.WHERE;
            if (where && arguments.get(0).dtype() != DType.BOOL) {
                throw new IllegalArgumentException("Cannot run row program: the condition of where is "
                        + arguments.get(0).dtype());
            }
            List<Value> typed = where ? arguments.subList(1, 3) : arguments;
            DType dtype = typed.get(0).dtype();
            if (!map.op().accepts(dtype) || typed.stream().anyMatch(v -> v.dtype() != dtype)) {
                throw new IllegalArgumentException("Cannot run row program: %s does not take %s"
                        .formatted(map.op(), typed.stream().map(Value::dtype).toList()));
            }
            boolean vector = arguments.stream().anyMatch(Value::isVector);
            int stage = arguments.stream().mapToInt(Value::stage).max().orElse(0);
            return new Value(map.op().resultDType(dtype), vector, stage);
        }

        @Override
        public Value visit(Convert convert) {
            Value argument = values.get(convert.argument());
            if (!convert.dtype().isComputable()) {
                throw new IllegalArgumentException("Cannot run row program: no conversion to " + convert.dtype());
            }
            return new Value(convert.dtype(), argument.isVector(), argument.stage());
        }

        @Override
        public Value visit(Reduce reduce) {
            Value argument = values.get(reduce.argument());
            if (!reduce.op().accepts(argument.dtype()) || !argument.isVector()) {
                throw new IllegalArgumentException("Cannot run row program: %s does not take a %s %s"
                        .formatted(reduce.op(), argument.dtype(), argument.isVector() ? "vector" : "scalar"));
            }
            return new Value(reduce.op().resultDType(argument.dtype()), false, argument.stage() + 1);
        }
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            lines.add("%" + i + " = " + text(instructions.get(i)));
        }
        String returned = outputs.stream().map(v -> "%" + v).collect(Collectors.joining(", "));
        return String.join("; ", lines) + "; return " + returned;
    }

    private static String text(Instruction instruction) {
        return instruction.accept(new Visitor<>() {
            @Override
            public String visit(Load load) {
                return "load " + load.input();
            }

            @Override
            public String visit(Immediate immediate) {
                return immediate.dtype().isFloating()
                        ? immediate.dtype() + " " + immediate.doubleValue()
                        : immediate.dtype() + " " + immediate.bits();
            }

            @Override
            public String visit(Map map) {
                return map.op() + " "
                        + map.arguments().stream().map(v -> "%" + v).collect(Collectors.joining(", "));
            }

            @Override
            public String visit(Convert convert) {
                return "convert " + convert.dtype() + " %" + convert.argument();
            }

            @Override
            public String visit(Reduce reduce) {
                return "reduce " + reduce.op() + " %" + reduce.argument();
            }
        });
    }
}
