package dev.tessera.cpu.program;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import java.util.Arrays;
import java.util.List;

/** The kernels of bool, a byte that is 0 or 1. */
final class BoolInstructions implements Instructions {
    @FunctionalInterface
    private interface Unary {
        void apply(byte[] x, int xAt, byte[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface Binary {
        void apply(byte[] x, int xAt, byte[] y, int yAt, byte[] out, int outAt, int n);
    }

    @Override
    public Kernel map(ScalarOp op, List<Register> arguments, Register out) {
        return switch (op) {
            case ABS -> unary(BoolLoops::copy, arguments, out);
            case LOGICAL_NOT -> unary(BoolLoops::not, arguments, out);
            case IS_NAN -> constant((byte) 0, out);
            case IS_FINITE -> constant((byte) 1, out);
            case ADD, LOGICAL_OR, MAXIMUM -> binary(BoolLoops::or, arguments, out);
            case MULTIPLY, LOGICAL_AND, MINIMUM -> binary(BoolLoops::and, arguments, out);
            case LOGICAL_XOR, NOT_EQUAL -> binary(BoolLoops::xor, arguments, out);
            case EQUAL -> binary(BoolLoops::equal, arguments, out);
            case LESS -> binary(BoolLoops::less, arguments, out);
            case LESS_EQUAL -> binary(BoolLoops::lessEqual, arguments, out);
            case GREATER -> swapped(BoolLoops::less, arguments, out);
            case GREATER_EQUAL -> swapped(BoolLoops::lessEqual, arguments, out);
            case WHERE -> select(arguments, out);
            case NEGATIVE,
                    SIGN,
                    SQUARE,
                    RECIPROCAL,
                    FLOOR,
                    CEIL,
                    ROUND,
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
                    RELU,
                    GELU,
                    ERF,
                    SUBTRACT,
                    DIVIDE,
                    FLOOR_DIVIDE,
                    MOD,
                    POWER -> throw new IllegalStateException(op + " does not take bool");
        };
    }

    private static Kernel unary(Unary function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        byte[] from = x.bytes();
        byte[] to = out.bytes();
        return (tile, count) -> function.apply(from, x.at(tile), to, out.at(tile), count);
    }

    private static Kernel constant(byte value, Register out) {
        return (tile, count) -> Arrays.fill(out.bytes(), out.at(tile), out.at(tile) + count, value);
    }

    private static Kernel swapped(Binary function, List<Register> arguments, Register out) {
        return binary(function, List.of(arguments.get(1), arguments.get(0)), out);
    }

    private static Kernel binary(Binary function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        Register y = arguments.get(1);
        byte[] left = x.bytes();
        byte[] right = y.bytes();
        byte[] to = out.bytes();
        return (tile, count) -> function.apply(left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    private static Kernel select(List<Register> arguments, Register out) {
        Register condition = arguments.get(0);
        Register x = arguments.get(1);
        Register y = arguments.get(2);
        byte[] holds = condition.bytes();
        byte[] left = x.bytes();
        byte[] right = y.bytes();
        byte[] to = out.bytes();
        return (tile, count) -> BoolLoops.select(
                holds, condition.at(tile), left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    @Override
    public Reducer reduce(ReduceOp op, Register argument, Register out, int groups) {
        return switch (op) {
            case MAX, ANY -> new Search(argument, out, 1, runOf(0));
            case MIN, ALL -> new Search(argument, out, 0, runOf(1));
            case ARGMAX -> new PositionOfFirst(argument, out, runOf(0));
            case ARGMIN -> new PositionOfFirst(argument, out, runOf(1));
            case SUM, PROD, MEAN, SUPREMUM -> throw new IllegalStateException(op + " does not take bool");
        };
    }

    /** As many equal values as a tile has lanes; where a run departs from them first is a vectorised search. */
    private static byte[] runOf(int value) {
        byte[] run = new byte[ProgramCompiler.BLOCK];
        Arrays.fill(run, (byte) value);
        return run;
    }

    /** The value sought where it is found, the other one, of which there is a run, where it is not. */
    private static final class Search implements Reducer {
        private final Register argument;
        private final Register out;
        private final byte sought;
        private final byte[] others;

        Search(Register argument, Register out, int sought, byte[] others) {
            this.argument = argument;
            this.out = out;
            this.sought = (byte) sought;
            this.others = others;
        }

        @Override
        public void begin(Tile tile) {
            Arrays.fill(out.bytes(), 0, tile.groups, others[0]);
        }

        @Override
        public void accumulate(Tile tile) {
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                int end = at + tile.lanes;
                if (!Arrays.equals(argument.bytes(), at, end, others, 0, tile.lanes)) {
                    out.bytes()[group] = sought;
                }
                at = end;
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }

    /** The position of the first element that is none of the others; 0 where there is none, for then all are equal. */
    private static final class PositionOfFirst implements Reducer {
        private static final long NONE = -1;

        private final Register argument;
        private final Register out;
        private final byte[] others;

        PositionOfFirst(Register argument, Register out, byte[] others) {
            this.argument = argument;
            this.out = out;
            this.others = others;
        }

        @Override
        public void begin(Tile tile) {
            Arrays.fill(out.longs(), 0, tile.groups, NONE);
        }

        @Override
        public void accumulate(Tile tile) {
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                int end = at + tile.lanes;
                if (out.longs()[group] == NONE) {
                    int first = Arrays.mismatch(argument.bytes(), at, end, others, 0, tile.lanes);
                    out.longs()[group] = first < 0 ? NONE : (long) tile.lane + first;
                }
                at = end;
            }
        }

        @Override
        public void finish(Tile tile, long length) {
            for (int group = 0; group < tile.groups; group++) {
                out.longs()[group] = Math.max(0, out.longs()[group]);
            }
        }
    }
}
