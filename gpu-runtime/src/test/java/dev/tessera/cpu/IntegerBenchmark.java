package dev.tessera.cpu;

import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.List;

/** Row programs of int32, int64 and bool against one loop over the elements, written by hand over blocks of a row. */
public final class IntegerBenchmark {
    private static final int ROWS = 1024;
    private static final int WIDTH = 1024;
    private static final int BLOCK = 256;

    private final BackendComparison comparison;

    private IntegerBenchmark(BackendComparison comparison) {
        this.comparison = comparison;
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (BackendComparison comparison = BackendComparison.open(false)) {
            IntegerBenchmark benchmark = new IntegerBenchmark(comparison);
            benchmark.int32Chain();
            benchmark.int32Select();
            benchmark.int32Remainder();
            benchmark.int32Sum();
            benchmark.int64Chain();
            benchmark.boolChain();
        }
    }

    private static PlanBuilder plan(DType dtype, ProgramBuilder program, int result) {
        RowProgram built = program.returning(result);
        RowProgram.Value value = built.values().get(result);
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", dtype, WIDTH);
        Operand out = value.isVector() ? plan.row(value.dtype(), WIDTH) : plan.row(value.dtype());
        plan.perRow(new RowProgramStep(built, List.of(), Dim.of(WIDTH), List.of(x), List.of(out)));
        plan.output("y", out);
        return plan;
    }

    private static ByteBuffer output(HostTensor x) {
        return ByteBuffer.allocateDirect((int) x.sizeInBytes())
                .order(x.storage().order());
    }

    private void int32Chain() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.INT32);
        int scaled = program.map(ScalarOp.MULTIPLY, x, program.immediate(DType.INT32, 3));
        int shifted = program.map(ScalarOp.ADD, scaled, program.immediate(DType.INT32, 7));
        int result = program.map(ScalarOp.RELU, program.map(ScalarOp.SUBTRACT, shifted, program.map(ScalarOp.ABS, x)));
        ints("int32 chain", program, result, (block, n) -> {
            for (int i = 0; i < n; i++) {
                block[i] = Math.max(block[i] * 3 + 7 - Math.abs(block[i]), 0);
            }
        });
    }

    private void int32Select() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.INT32);
        int isLess = program.map(ScalarOp.LESS, x, program.immediate(DType.INT32, 1));
        int result = program.map(ScalarOp.WHERE, isLess, program.map(ScalarOp.NEGATIVE, x), x);
        ints("int32 where", program, result, (block, n) -> {
            for (int i = 0; i < n; i++) {
                block[i] = block[i] < 1 ? -block[i] : block[i];
            }
        });
    }

    private void int32Remainder() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.INT32);
        int result = program.map(ScalarOp.MOD, x, program.map(ScalarOp.ADD, x, program.immediate(DType.INT32, 5)));
        ints("int32 mod", program, result, (block, n) -> {
            for (int i = 0; i < n; i++) {
                int y = block[i] + 5;
                block[i] = y == 0 ? 0 : Math.floorMod(block[i], y);
            }
        });
    }

    private interface IntLoop {
        void run(int[] block, int n);
    }

    private void ints(String name, ProgramBuilder program, int result, IntLoop byHand) {
        HostTensor x = BackendComparison.random(DType.INT32, ROWS, WIDTH);
        IntBuffer from = x.storage().asIntBuffer();
        IntBuffer to = output(x).asIntBuffer();
        int[] block = new int[BLOCK];
        comparison.compare(name, plan(DType.INT32, program, result), x, () -> {
            for (int at = 0; at < ROWS * WIDTH; at += BLOCK) {
                from.get(at, block, 0, BLOCK);
                byHand.run(block, BLOCK);
                to.put(at, block, 0, BLOCK);
            }
        });
    }

    private void int32Sum() {
        ProgramBuilder program = new ProgramBuilder();
        int result = program.reduce(ReduceOp.SUM, program.vector(DType.INT32));
        HostTensor x = BackendComparison.random(DType.INT32, ROWS, WIDTH);
        IntBuffer from = x.storage().asIntBuffer();
        IntBuffer to = output(x).asIntBuffer();
        int[] block = new int[BLOCK];
        comparison.compare("int32 sum", plan(DType.INT32, program, result), x, () -> {
            for (int row = 0; row < ROWS; row++) {
                int sum = 0;
                for (int at = 0; at < WIDTH; at += BLOCK) {
                    from.get(row * WIDTH + at, block, 0, BLOCK);
                    for (int i = 0; i < BLOCK; i++) {
                        sum += block[i];
                    }
                }
                to.put(row, sum);
            }
        });
    }

    private void int64Chain() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.INT64);
        int shifted = program.map(ScalarOp.ADD, x, program.immediate(DType.INT64, 7));
        int result = program.map(
                ScalarOp.SUBTRACT, program.map(ScalarOp.ADD, shifted, x), program.map(ScalarOp.NEGATIVE, x));
        HostTensor tensor = BackendComparison.random(DType.INT64, ROWS, WIDTH);
        LongBuffer from = tensor.storage().asLongBuffer();
        LongBuffer to = output(tensor).asLongBuffer();
        long[] block = new long[BLOCK];
        comparison.compare("int64 chain", plan(DType.INT64, program, result), tensor, () -> {
            for (int at = 0; at < ROWS * WIDTH; at += BLOCK) {
                from.get(at, block, 0, BLOCK);
                for (int i = 0; i < BLOCK; i++) {
                    block[i] = block[i] + 7 + block[i] - -block[i];
                }
                to.put(at, block, 0, BLOCK);
            }
        });
    }

    private void boolChain() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.BOOL);
        int not = program.map(ScalarOp.LOGICAL_NOT, x);
        int both = program.map(ScalarOp.LOGICAL_AND, x, not);
        int result = program.map(ScalarOp.LOGICAL_XOR, program.map(ScalarOp.LOGICAL_OR, both, x), not);
        HostTensor tensor = BackendComparison.random(DType.BOOL, ROWS, WIDTH);
        ByteBuffer from = tensor.storage();
        ByteBuffer to = output(tensor);
        byte[] block = new byte[BLOCK];
        comparison.compare("bool chain", plan(DType.BOOL, program, result), tensor, () -> {
            for (int at = 0; at < ROWS * WIDTH; at += BLOCK) {
                from.get(at, block, 0, BLOCK);
                for (int i = 0; i < BLOCK; i++) {
                    int b = block[i];
                    int n = 1 - b;
                    block[i] = (byte) (((b & n) | b) ^ n);
                }
                to.put(at, block, 0, BLOCK);
            }
        });
    }
}
