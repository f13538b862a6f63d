package dev.tessera.cpu.program;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import java.util.Arrays;
import java.util.List;

/** The kernels of int64. Arithmetic wraps; the corner cases are those of {@link ScalarOp}. */
final class Int64Instructions implements Instructions {
    @FunctionalInterface
    private interface Unary {
        long apply(long x);
    }

    @FunctionalInterface
    private interface Binary {
        long apply(long x, long y);
    }

    @FunctionalInterface
    private interface Comparison {
        boolean holds(long x, long y);
    }

    @Override
    public Kernel map(ScalarOp op, List<Register> arguments, Register out) {
        return switch (op) {
            case NEGATIVE -> unary(x -> -x, arguments, out);
            case ABS -> unary(Math::abs, arguments, out);
            case SIGN -> unary(x -> Long.signum(x), arguments, out);
            case SQUARE -> unary(x -> x * x, arguments, out);
            case FLOOR, CEIL, ROUND -> unary(x -> x, arguments, out);
            case RELU -> unary(x -> Math.max(x, 0), arguments, out);
            case IS_NAN -> constant((byte) 0, out);
            case IS_FINITE -> constant((byte) 1, out);
            case ADD -> add(arguments, out);
            case SUBTRACT -> subtract(arguments, out);
            case MULTIPLY -> multiply(arguments, out);
            case FLOOR_DIVIDE -> binary((x, y) -> y == 0 ? 0 : Math.floorDiv(x, y), arguments, out);
            case MOD -> binary((x, y) -> y == 0 ? 0 : Math.floorMod(x, y), arguments, out);
            case POWER -> binary(Int64Instructions::power, arguments, out);
            case MINIMUM -> binary(Math::min, arguments, out);
            case MAXIMUM -> binary(Math::max, arguments, out);
            case EQUAL -> comparison((x, y) -> x == y, arguments, out);
            case NOT_EQUAL -> comparison((x, y) -> x != y, arguments, out);
            case LESS -> comparison((x, y) -> x < y, arguments, out);
            case LESS_EQUAL -> comparison((x, y) -> x <= y, arguments, out);
            case GREATER -> comparison((x, y) -> x > y, arguments, out);
            case GREATER_EQUAL -> comparison((x, y) -> x >= y, arguments, out);
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

    /** {@code base} to a power; to a negative one, {@code 1 / base} truncated, and 0 of 0. */
    private static long power(long base, long exponent) {
        if (exponent < 0) {
            boolean isOdd = (exponent & 1) != 0;
            return base == 1 ? 1 : base == -1 ? (isOdd ? -1 : 1) : 0;
        }
        long result = 1;
        long square = base;
        for (long rest = exponent; rest != 0; rest >>= 1) {
            result = (rest & 1) == 0 ? result : result * square;
            square *= square;
        }
        return result;
    }

    private static Kernel unary(Unary function, List<Register> arguments, Register out) {
        Register from = arguments.get(0);
        long[] x = from.longs();
        long[] results = out.longs();
        return (tile, count) -> {
            int xAt = from.at(tile);
            int at = out.at(tile);
            for (int i = 0; i < count; i++) {
                results[at + i] = function.apply(x[xAt + i]);
            }
        };
    }

    private static Kernel constant(byte value, Register out) {
        return (tile, count) -> Arrays.fill(out.bytes(), out.at(tile), out.at(tile) + count, value);
    }

    // The three that are worth a loop of their own, which the compiler turns into vector instructions.

    private static Kernel add(List<Register> arguments, Register out) {
        Register left = arguments.get(0);
        Register right = arguments.get(1);
        return (tile, count) ->
                add(left.longs(), left.at(tile), right.longs(), right.at(tile), out.longs(), out.at(tile), count);
    }

    private static void add(long[] x, int xAt, long[] y, int yAt, long[] out, int at, int count) {
        for (int i = 0; i < count; i++) {
            out[at + i] = x[xAt + i] + y[yAt + i];
        }
    }

    private static Kernel subtract(List<Register> arguments, Register out) {
        Register left = arguments.get(0);
        Register right = arguments.get(1);
        return (tile, count) ->
                subtract(left.longs(), left.at(tile), right.longs(), right.at(tile), out.longs(), out.at(tile), count);
    }

    private static void subtract(long[] x, int xAt, long[] y, int yAt, long[] out, int at, int count) {
        for (int i = 0; i < count; i++) {
            out[at + i] = x[xAt + i] - y[yAt + i];
        }
    }

    private static Kernel multiply(List<Register> arguments, Register out) {
        Register left = arguments.get(0);
        Register right = arguments.get(1);
        return (tile, count) ->
                multiply(left.longs(), left.at(tile), right.longs(), right.at(tile), out.longs(), out.at(tile), count);
    }

    private static void multiply(long[] x, int xAt, long[] y, int yAt, long[] out, int at, int count) {
        for (int i = 0; i < count; i++) {
            out[at + i] = x[xAt + i] * y[yAt + i];
        }
    }

    private static Kernel binary(Binary function, List<Register> arguments, Register out) {
        Register left = arguments.get(0);
        Register right = arguments.get(1);
        long[] x = left.longs();
        long[] y = right.longs();
        long[] results = out.longs();
        return (tile, count) -> {
            int xAt = left.at(tile);
            int yAt = right.at(tile);
            int at = out.at(tile);
            for (int i = 0; i < count; i++) {
                results[at + i] = function.apply(x[xAt + i], y[yAt + i]);
            }
        };
    }

    private static Kernel comparison(Comparison comparison, List<Register> arguments, Register out) {
        Register left = arguments.get(0);
        Register right = arguments.get(1);
        long[] x = left.longs();
        long[] y = right.longs();
        byte[] results = out.bytes();
        return (tile, count) -> {
            int xAt = left.at(tile);
            int yAt = right.at(tile);
            int at = out.at(tile);
            for (int i = 0; i < count; i++) {
                results[at + i] = comparison.holds(x[xAt + i], y[yAt + i]) ? (byte) 1 : 0;
            }
        };
    }

    private static Kernel select(List<Register> arguments, Register out) {
        Register condition = arguments.get(0);
        Register left = arguments.get(1);
        Register right = arguments.get(2);
        byte[] holds = condition.bytes();
        long[] x = left.longs();
        long[] y = right.longs();
        long[] results = out.longs();
        return (tile, count) -> {
            int conditionAt = condition.at(tile);
            int xAt = left.at(tile);
            int yAt = right.at(tile);
            int at = out.at(tile);
            for (int i = 0; i < count; i++) {
                results[at + i] = holds[conditionAt + i] != 0 ? x[xAt + i] : y[yAt + i];
            }
        };
    }

    @Override
    public Reducer reduce(ReduceOp op, Register argument, Register out, int groups) {
        return switch (op) {
            case SUM -> new Fold(argument, out, 0, (x, y) -> x + y);
            case PROD -> new Fold(argument, out, 1, (x, y) -> x * y);
            case MAX -> new Fold(argument, out, Long.MIN_VALUE, Math::max);
            case MIN -> new Fold(argument, out, Long.MAX_VALUE, Math::min);
            case ARGMAX -> new PositionOfExtreme(argument, out, groups, true);
            case ARGMIN -> new PositionOfExtreme(argument, out, groups, false);
            case MEAN, ANY, ALL, SUPREMUM -> throw new IllegalStateException(op + " does not take int64");
        };
    }

    private record Fold(Register argument, Register out, long identity, Binary combine) implements Reducer {
        @Override
        public void begin(Tile tile) {
            Arrays.fill(out.longs(), 0, tile.groups, identity);
        }

        @Override
        public void accumulate(Tile tile) {
            long[] values = argument.longs();
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                long folded = out.longs()[group];
                for (int lane = 0; lane < tile.lanes; lane++) {
                    folded = combine.apply(folded, values[at++]);
                }
                out.longs()[group] = folded;
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }

    private static final class PositionOfExtreme implements Reducer {
        private final Register argument;
        private final Register out;
        private final long[] extremes;
        private final boolean isMax;

        PositionOfExtreme(Register argument, Register out, int groups, boolean isMax) {
            this.argument = argument;
            this.out = out;
            this.extremes = new long[groups];
            this.isMax = isMax;
        }

        @Override
        public void begin(Tile tile) {}

        @Override
        public void accumulate(Tile tile) {
            long[] values = argument.longs();
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                for (int lane = 0; lane < tile.lanes; lane++, at++) {
                    boolean isFirst = tile.lane == 0 && lane == 0;
                    if (isFirst || (isMax ? values[at] > extremes[group] : values[at] < extremes[group])) {
                        extremes[group] = values[at];
                        out.longs()[group] = (long) tile.lane + lane;
                    }
                }
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }
}
