package dev.tessera.cpu.program;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import java.util.Arrays;
import java.util.List;

/** The kernels of bool, a byte that is 0 or 1. */
final class BoolInstructions implements Instructions {
    @FunctionalInterface
    private interface Binary {
        int apply(int x, int y);
    }

    @Override
    public Kernel map(ScalarOp op, List<Register> arguments, Register out) {
        return switch (op) {
            case ABS -> binary((x, y) -> x, arguments, out);
            case LOGICAL_NOT -> binary((x, y) -> 1 - x, arguments, out);
            case IS_NAN -> binary((x, y) -> 0, arguments, out);
            case IS_FINITE -> binary((x, y) -> 1, arguments, out);
            case ADD, LOGICAL_OR, MAXIMUM -> binary((x, y) -> x | y, arguments, out);
            case MULTIPLY, LOGICAL_AND, MINIMUM -> binary((x, y) -> x & y, arguments, out);
            case LOGICAL_XOR, NOT_EQUAL -> binary((x, y) -> x ^ y, arguments, out);
            case EQUAL -> binary((x, y) -> 1 - (x ^ y), arguments, out);
            case LESS -> binary((x, y) -> (1 - x) & y, arguments, out);
            case LESS_EQUAL -> binary((x, y) -> (1 - x) | y, arguments, out);
            case GREATER -> binary((x, y) -> x & (1 - y), arguments, out);
            case GREATER_EQUAL -> binary((x, y) -> x | (1 - y), arguments, out);
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

    /** A function of the first argument and the last, which are one if it takes one. */
    private static Kernel binary(Binary function, List<Register> arguments, Register out) {
        Register left = arguments.get(0);
        Register right = arguments.get(arguments.size() - 1);
        byte[] x = left.bytes();
        byte[] y = right.bytes();
        byte[] results = out.bytes();
        return (tile, count) -> {
            int xAt = left.at(tile);
            int yAt = right.at(tile);
            int at = out.at(tile);
            for (int i = 0; i < count; i++) {
                results[at + i] = (byte) function.apply(x[xAt + i], y[yAt + i]);
            }
        };
    }

    private static Kernel select(List<Register> arguments, Register out) {
        Register condition = arguments.get(0);
        Register left = arguments.get(1);
        Register right = arguments.get(2);
        return (tile, count) -> {
            int conditionAt = condition.at(tile);
            int xAt = left.at(tile);
            int yAt = right.at(tile);
            int at = out.at(tile);
            for (int i = 0; i < count; i++) {
                out.bytes()[at + i] =
                        condition.bytes()[conditionAt + i] != 0 ? left.bytes()[xAt + i] : right.bytes()[yAt + i];
            }
        };
    }

    @Override
    public Reducer reduce(ReduceOp op, Register argument, Register out, int groups) {
        return switch (op) {
            case MAX, ANY -> new Search(argument, out, 1);
            case MIN, ALL -> new Search(argument, out, 0);
            case ARGMAX -> new PositionOfFirst(argument, out, 1);
            case ARGMIN -> new PositionOfFirst(argument, out, 0);
            case SUM, PROD, MEAN, SUPREMUM -> throw new IllegalStateException(op + " does not take bool");
        };
    }

    /** The value sought where it is found, the other one where it is not. */
    private record Search(Register argument, Register out, int sought) implements Reducer {
        @Override
        public void begin(Tile tile) {
            Arrays.fill(out.bytes(), 0, tile.groups, (byte) (1 - sought));
        }

        @Override
        public void accumulate(Tile tile) {
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                for (int lane = 0; lane < tile.lanes; lane++, at++) {
                    if (argument.bytes()[at] == sought) {
                        out.bytes()[group] = (byte) sought;
                    }
                }
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }

    /** The position of the first element of the value sought; 0 where it is not found, for then all are equal. */
    private record PositionOfFirst(Register argument, Register out, int sought) implements Reducer {
        private static final long NONE = -1;

        @Override
        public void begin(Tile tile) {
            Arrays.fill(out.longs(), 0, tile.groups, NONE);
        }

        @Override
        public void accumulate(Tile tile) {
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++) {
                for (int lane = 0; lane < tile.lanes; lane++, at++) {
                    if (out.longs()[group] == NONE && argument.bytes()[at] == sought) {
                        out.longs()[group] = (long) tile.lane + lane;
                    }
                }
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
