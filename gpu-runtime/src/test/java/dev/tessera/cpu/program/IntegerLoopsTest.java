package dev.tessera.cpu.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntegerLoopsTest {
    private static final long[] EDGES = {
        Long.MIN_VALUE, Integer.MIN_VALUE, -7, -1, 0, 1, 7, Integer.MAX_VALUE, Long.MAX_VALUE
    };

    /** Each edge with each, as int32 by truncation. */
    private static Register edges(DType dtype, boolean isInner) {
        Register register = Register.ofBlock(dtype, EDGES.length * EDGES.length);
        for (int i = 0; i < EDGES.length * EDGES.length; i++) {
            long edge = EDGES[isInner ? i % EDGES.length : i / EDGES.length];
            if (dtype == DType.INT32) {
                register.ints()[i] = (int) edge;
            } else {
                register.longs()[i] = edge;
            }
        }
        return register;
    }

    private static Tile tile(int lanes) {
        Tile tile = new Tile(0);
        tile.groups = 1;
        tile.lanes = lanes;
        tile.count = lanes;
        return tile;
    }

    @Test
    void theEdgesOfInt32WrapAsJavaDoes() {
        Register x = edges(DType.INT32, false);
        Register y = edges(DType.INT32, true);
        Register out = Register.ofBlock(DType.INT32, 81);
        Instructions kernels = new Int32Instructions();
        for (ScalarOp op : List.of(ScalarOp.SIGN, ScalarOp.ABS, ScalarOp.RELU, ScalarOp.FLOOR_DIVIDE, ScalarOp.MOD)) {
            kernels.map(op, op.arity() == 1 ? List.of(x) : List.of(x, y), out).run(tile(81), 81);
            for (int i = 0; i < 81; i++) {
                int a = x.ints()[i];
                int b = y.ints()[i];
                int expected = switch (op) {
                    case SIGN -> Integer.signum(a);
                    case ABS -> Math.abs(a);
                    case RELU -> Math.max(a, 0);
                    case FLOOR_DIVIDE -> b == 0 ? 0 : Math.floorDiv(a, b);
                    default -> b == 0 ? 0 : Math.floorMod(a, b);
                };
                assertThat(out.ints()[i]).as("%s(%d, %d)", op, a, b).isEqualTo(expected);
            }
        }
    }

    @Test
    void theEdgesOfInt64WrapAsJavaDoes() {
        Register x = edges(DType.INT64, false);
        Register y = edges(DType.INT64, true);
        Register out = Register.ofBlock(DType.INT64, 81);
        Instructions kernels = new Int64Instructions();
        for (ScalarOp op : List.of(ScalarOp.SIGN, ScalarOp.ABS, ScalarOp.RELU, ScalarOp.FLOOR_DIVIDE, ScalarOp.MOD)) {
            kernels.map(op, op.arity() == 1 ? List.of(x) : List.of(x, y), out).run(tile(81), 81);
            for (int i = 0; i < 81; i++) {
                long a = x.longs()[i];
                long b = y.longs()[i];
                long expected = switch (op) {
                    case SIGN -> Long.signum(a);
                    case ABS -> Math.abs(a);
                    case RELU -> Math.max(a, 0);
                    case FLOOR_DIVIDE -> b == 0 ? 0 : Math.floorDiv(a, b);
                    default -> b == 0 ? 0 : Math.floorMod(a, b);
                };
                assertThat(out.longs()[i]).as("%s(%d, %d)", op, a, b).isEqualTo(expected);
            }
        }
    }

    @Test
    void boolsTakenEightAtOnceAreThoseTakenOneByOne() {
        Register x = Register.ofBlock(DType.BOOL, 29);
        Register y = Register.ofBlock(DType.BOOL, 29);
        Register out = Register.ofBlock(DType.BOOL, 29);
        for (int i = 0; i < 29; i++) {
            x.bytes()[i] = (byte) (i & 1);
            y.bytes()[i] = (byte) ((i >> 1) & 1);
        }
        Instructions kernels = new BoolInstructions();
        for (ScalarOp op : ScalarOp.values()) {
            if (!op.accepts(DType.BOOL) || op.arity() > 2) {
                continue;
            }
            List<Register> arguments = op.arity() == 1 ? List.of(x) : List.of(x, y);
            kernels.map(op, arguments, out).run(tile(29), 29);
            byte[] together = out.bytes().clone();
            // Four are fewer than a word, and hold every pair of values.
            kernels.map(op, arguments, out).run(tile(4), 4);
            for (int i = 0; i < 29; i++) {
                assertThat(together[i]).as("%s at %d", op, i).isEqualTo(out.bytes()[i % 4]);
            }
        }
    }

    @Test
    void theFirstAmongEqualExtremesIsFoundAcrossBlocks() {
        assertThat(position(DType.INT32, new int[] {5, 9, 9}, new int[] {9, 10, 10}))
                .isEqualTo(4);
        assertThat(position(DType.INT32, new int[] {5, 9, 9}, new int[] {9, 9, 1}))
                .isEqualTo(1);
        assertThat(position(
                        DType.INT32, new int[] {Integer.MIN_VALUE, Integer.MIN_VALUE}, new int[] {Integer.MIN_VALUE}))
                .isZero();
        assertThat(position(DType.BOOL, new int[] {0, 0, 0}, new int[] {0, 1, 1}))
                .isEqualTo(4);
        assertThat(position(DType.BOOL, new int[] {0, 0}, new int[] {0})).isZero();
    }

    /** The position of the largest in two blocks. */
    private static long position(DType dtype, int[] first, int[] second) {
        Instructions kernels = dtype == DType.INT32 ? new Int32Instructions() : new BoolInstructions();
        Register block = Register.ofBlock(dtype, 3);
        Register out = Register.ofBlock(DType.INT64, 1);
        Reducer reducer = kernels.reduce(ReduceOp.ARGMAX, block, out, 1);
        Tile tile = tile(first.length);
        reducer.begin(tile);
        fill(block, first);
        reducer.accumulate(tile);
        tile.lane = first.length;
        tile.lanes = second.length;
        fill(block, second);
        reducer.accumulate(tile);
        reducer.finish(tile, (long) first.length + second.length);
        return out.longs()[0];
    }

    private static void fill(Register block, int[] values) {
        for (int i = 0; i < values.length; i++) {
            if (block.dtype() == DType.INT32) {
                block.ints()[i] = values[i];
            } else {
                block.bytes()[i] = (byte) values[i];
            }
        }
    }
}
