package dev.tessera.cpu.program;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import java.util.Arrays;
import java.util.List;

/** The kernels of int32. Arithmetic wraps; the corner cases are those of {@link ScalarOp}. */
final class Int32Instructions implements Instructions {
    @FunctionalInterface
    private interface Unary {
        void apply(int[] x, int xAt, int[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface Binary {
        void apply(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface Comparison {
        void apply(int[] x, int xAt, int[] y, int yAt, byte[] out, int outAt, int n);
    }

    /** Combines a run into what was combined before. */
    @FunctionalInterface
    private interface Combination {
        int of(int start, int[] x, int xAt, int n);
    }

    @Override
    public Kernel map(ScalarOp op, List<Register> arguments, Register out) {
        return switch (op) {
            case NEGATIVE -> unary(Int32Loops::negate, arguments, out);
            case ABS -> unary(Int32Loops::abs, arguments, out);
            case SIGN -> unary(Int32Loops::sign, arguments, out);
            case SQUARE -> unary(Int32Loops::square, arguments, out);
            case FLOOR, CEIL, ROUND -> unary(Int32Loops::copy, arguments, out);
            case RELU -> unary(Int32Loops::relu, arguments, out);
            case IS_NAN -> constant((byte) 0, out);
            case IS_FINITE -> constant((byte) 1, out);
            case ADD -> binary(Int32Loops::add, arguments, out);
            case SUBTRACT -> binary(Int32Loops::subtract, arguments, out);
            case MULTIPLY -> binary(Int32Loops::multiply, arguments, out);
            case FLOOR_DIVIDE -> binary(Int32Loops::floorDivide, arguments, out);
            case MOD -> binary(Int32Loops::mod, arguments, out);
            case POWER -> binary(Int32Loops::power, arguments, out);
            case MINIMUM -> binary(Int32Loops::minimum, arguments, out);
            case MAXIMUM -> binary(Int32Loops::maximum, arguments, out);
            case EQUAL -> comparison(Int32Loops::equal, arguments, out);
            case NOT_EQUAL -> comparison(Int32Loops::notEqual, arguments, out);
            case LESS -> comparison(Int32Loops::less, arguments, out);
            case LESS_EQUAL -> comparison(Int32Loops::lessEqual, arguments, out);
            case GREATER -> comparison(Int32Loops::greater, arguments, out);
            case GREATER_EQUAL -> comparison(Int32Loops::greaterEqual, arguments, out);
            case WHERE -> select(arguments, out);
            case RECIPROCAL,
                    EXP,
                    EXPM1,
                    LOG,
                    LOG1P,
                    LOG2,
                    SQRT,
                    RSQRT,
                    SIN,
                    COS,
                    TAN,
                    TANH,
                    SIGMOID,
                    SOFTPLUS,
                    GELU,
                    ERF,
                    DIVIDE,
                    LOGICAL_NOT,
                    LOGICAL_AND,
                    LOGICAL_OR,
                    LOGICAL_XOR -> throw new IllegalStateException(op + " does not take int32");
        };
    }

    private static Kernel unary(Unary function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        int[] from = x.ints();
        int[] to = out.ints();
        return (tile, count) -> function.apply(from, x.at(tile), to, out.at(tile), count);
    }

    private static Kernel constant(byte value, Register out) {
        return (tile, count) -> Arrays.fill(out.bytes(), out.at(tile), out.at(tile) + count, value);
    }

    private static Kernel binary(Binary function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        Register y = arguments.get(1);
        int[] left = x.ints();
        int[] right = y.ints();
        int[] to = out.ints();
        return (tile, count) -> function.apply(left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    private static Kernel comparison(Comparison function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        Register y = arguments.get(1);
        int[] left = x.ints();
        int[] right = y.ints();
        byte[] to = out.bytes();
        return (tile, count) -> function.apply(left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    private static Kernel select(List<Register> arguments, Register out) {
        Register condition = arguments.get(0);
        Register x = arguments.get(1);
        Register y = arguments.get(2);
        byte[] holds = condition.bytes();
        int[] left = x.ints();
        int[] right = y.ints();
        int[] to = out.ints();
        return (tile, count) -> Int32Loops.select(
                holds, condition.at(tile), left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    @Override
    public Reducer reduce(ReduceOp op, Register argument, Register out, int groups) {
        return switch (op) {
            case SUM -> new Fold(argument, out, 0, Int32Loops::sum);
            case PROD -> new Fold(argument, out, 1, Int32Loops::product);
            case MAX -> new Fold(argument, out, Integer.MIN_VALUE, Int32Loops::largest);
            case MIN -> new Fold(argument, out, Integer.MAX_VALUE, Int32Loops::smallest);
            case ARGMAX -> new PositionOfExtreme(argument, out, new int[groups], Int32Loops::largest);
            case ARGMIN -> new PositionOfExtreme(argument, out, new int[groups], Int32Loops::smallest);
            case MEAN, ANY, ALL, SUPREMUM -> throw new IllegalStateException(op + " does not take int32");
        };
    }

    private record Fold(Register argument, Register out, int identity, Combination combination) implements Reducer {
        @Override
        public void begin(Tile tile) {
            Arrays.fill(out.ints(), 0, tile.groups, identity);
        }

        @Override
        public void accumulate(Tile tile) {
            int[] folded = out.ints();
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                folded[group] = combination.of(folded[group], argument.ints(), at, tile.lanes);
                at += tile.lanes;
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }

    private static final class PositionOfExtreme implements Reducer {
        private final Register argument;
        private final Register out;
        private final int[] extremes;
        private final Combination combination;

        PositionOfExtreme(Register argument, Register out, int[] extremes, Combination combination) {
            this.argument = argument;
            this.out = out;
            this.extremes = extremes;
            this.combination = combination;
        }

        @Override
        public void begin(Tile tile) {}

        @Override
        public void accumulate(Tile tile) {
            int[] values = argument.ints();
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                int start = tile.lane == 0 ? values[at] : extremes[group];
                int extreme = combination.of(start, values, at, tile.lanes);
                if (tile.lane == 0 || extreme != start) {
                    extremes[group] = extreme;
                    out.longs()[group] = (long) tile.lane + Int32Loops.position(extreme, values, at);
                }
                at += tile.lanes;
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }
}
