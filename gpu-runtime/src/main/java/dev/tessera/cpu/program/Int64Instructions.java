package dev.tessera.cpu.program;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import java.util.Arrays;
import java.util.List;

/** The kernels of int64. Arithmetic wraps; the corner cases are those of {@link ScalarOp}. */
final class Int64Instructions implements Instructions {
    @FunctionalInterface
    private interface Unary {
        void apply(long[] x, int xAt, long[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface Binary {
        void apply(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface Comparison {
        void apply(long[] x, int xAt, long[] y, int yAt, byte[] out, int outAt, int n);
    }

    /** Combines a run into what was combined before. */
    @FunctionalInterface
    private interface Combination {
        long of(long start, long[] x, int xAt, int n);
    }

    @Override
    public Kernel map(ScalarOp op, List<Register> arguments, Register out) {
        return switch (op) {
            case NEGATIVE -> unary(Int64Loops::negate, arguments, out);
            case ABS -> unary(Int64Loops::abs, arguments, out);
            case SIGN -> unary(Int64Loops::sign, arguments, out);
            case SQUARE -> unary(Int64Loops::square, arguments, out);
            case FLOOR, CEIL, ROUND -> unary(Int64Loops::copy, arguments, out);
            case RELU -> unary(Int64Loops::relu, arguments, out);
            case IS_NAN -> constant((byte) 0, out);
            case IS_FINITE -> constant((byte) 1, out);
            case ADD -> binary(Int64Loops::add, arguments, out);
            case SUBTRACT -> binary(Int64Loops::subtract, arguments, out);
            case MULTIPLY -> binary(Int64Loops::multiply, arguments, out);
            case FLOOR_DIVIDE -> binary(Int64Loops::floorDivide, arguments, out);
            case MOD -> binary(Int64Loops::mod, arguments, out);
            case POWER -> binary(Int64Loops::power, arguments, out);
            case MINIMUM -> binary(Int64Loops::minimum, arguments, out);
            case MAXIMUM -> binary(Int64Loops::maximum, arguments, out);
            case EQUAL -> comparison(Int64Loops::equal, arguments, out);
            case NOT_EQUAL -> comparison(Int64Loops::notEqual, arguments, out);
            case LESS -> comparison(Int64Loops::less, arguments, out);
            case LESS_EQUAL -> comparison(Int64Loops::lessEqual, arguments, out);
            case GREATER -> comparison(Int64Loops::greater, arguments, out);
            case GREATER_EQUAL -> comparison(Int64Loops::greaterEqual, arguments, out);
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
                    LOGICAL_XOR -> throw new IllegalStateException(op + " does not take int64");
        };
    }

    private static Kernel unary(Unary function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        long[] from = x.longs();
        long[] to = out.longs();
        return (tile, count) -> function.apply(from, x.at(tile), to, out.at(tile), count);
    }

    private static Kernel constant(byte value, Register out) {
        return (tile, count) -> Arrays.fill(out.bytes(), out.at(tile), out.at(tile) + count, value);
    }

    private static Kernel binary(Binary function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        Register y = arguments.get(1);
        long[] left = x.longs();
        long[] right = y.longs();
        long[] to = out.longs();
        return (tile, count) -> function.apply(left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    private static Kernel comparison(Comparison function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        Register y = arguments.get(1);
        long[] left = x.longs();
        long[] right = y.longs();
        byte[] to = out.bytes();
        return (tile, count) -> function.apply(left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    private static Kernel select(List<Register> arguments, Register out) {
        Register condition = arguments.get(0);
        Register x = arguments.get(1);
        Register y = arguments.get(2);
        byte[] holds = condition.bytes();
        long[] left = x.longs();
        long[] right = y.longs();
        long[] to = out.longs();
        return (tile, count) -> Int64Loops.select(
                holds, condition.at(tile), left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    @Override
    public Reducer reduce(ReduceOp op, Register argument, Register out, int groups) {
        return switch (op) {
            case SUM -> new Fold(argument, out, 0, Int64Loops::sum);
            case PROD -> new Fold(argument, out, 1, Int64Loops::product);
            case MAX -> new Fold(argument, out, Long.MIN_VALUE, Int64Loops::largest);
            case MIN -> new Fold(argument, out, Long.MAX_VALUE, Int64Loops::smallest);
            case ARGMAX -> new PositionOfExtreme(argument, out, new long[groups], Int64Loops::largest);
            case ARGMIN -> new PositionOfExtreme(argument, out, new long[groups], Int64Loops::smallest);
            case MEAN, ANY, ALL, SUPREMUM -> throw new IllegalStateException(op + " does not take int64");
        };
    }

    private record Fold(Register argument, Register out, long identity, Combination combination) implements Reducer {
        @Override
        public void begin(Tile tile) {
            Arrays.fill(out.longs(), 0, tile.groups, identity);
        }

        @Override
        public void accumulate(Tile tile) {
            long[] folded = out.longs();
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                folded[group] = combination.of(folded[group], argument.longs(), at, tile.lanes);
                at += tile.lanes;
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }

    private static final class PositionOfExtreme implements Reducer {
        private final Register argument;
        private final Register out;
        private final long[] extremes;
        private final Combination combination;

        PositionOfExtreme(Register argument, Register out, long[] extremes, Combination combination) {
            this.argument = argument;
            this.out = out;
            this.extremes = extremes;
            this.combination = combination;
        }

        @Override
        public void begin(Tile tile) {}

        @Override
        public void accumulate(Tile tile) {
            long[] values = argument.longs();
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                long start = tile.lane == 0 ? values[at] : extremes[group];
                long extreme = combination.of(start, values, at, tile.lanes);
                if (tile.lane == 0 || extreme != start) {
                    extremes[group] = extreme;
                    out.longs()[group] = (long) tile.lane + Int64Loops.position(extreme, values, at);
                }
                at += tile.lanes;
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }
}
