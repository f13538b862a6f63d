package dev.tessera.codegen;

import dev.tessera.plan.RowProgram;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Writes the body of a {@link ReduceKernel}: one pass along the axis for each stage, and one to store vectors. */
final class ReductionPasses {
    private static final int WARPS = KernelText.THREADS / 32;

    private final ReduceKernel kernel;
    private final KernelText text;
    private final Kernel.Cooperation cooperation;
    private final RowProgram program;
    private final ProgramText values;
    private final Indexing indexing;
    private final String length;
    private final RowElements elements;

    ReductionPasses(ReduceKernel kernel, KernelText text, Kernel.Cooperation cooperation) {
        this.kernel = kernel;
        this.text = text;
        this.cooperation = cooperation;
        this.program = kernel.program();
        this.values = new ProgramText(program, text);
        this.indexing = new Indexing(kernel.outer(), text);
        this.length = text.size(kernel.along().size());
        this.elements = new RowElements(kernel, cooperation);
    }

    void write() {
        if (cooperation != Kernel.Cooperation.THREAD) {
            text.line("const int lane = threadIdx.x %% %d;".formatted(cooperation.threads()));
        }
        if (cooperation == Kernel.Cooperation.BLOCK) {
            declareShared();
        }
        Indexing.open(text, "i", text.size(kernel.outer().count()), cooperation.threads());
        indexing.declareCoordinates("i");
        declareOffsets();
        int stages = 0;
        for (int value = 0; value < program.instructions().size(); value++) {
            stages = Math.max(stages, values.value(value).stage());
        }
        declareScalars(0);
        elements.keep(text);
        for (int stage = 1; stage <= stages; stage++) {
            writeStage(stage);
            declareScalars(stage);
        }
        storeVectors();
        storeScalars();
        if (cooperation == Kernel.Cooperation.BLOCK) {
            text.line("__syncthreads();");
        }
        text.line("}");
    }

    private void declareShared() {
        for (int value = 0; value < program.instructions().size(); value++) {
            if (program.instructions().get(value) instanceof RowProgram.Reduce reduce) {
                text.line("__shared__ %s s%d[%d];".formatted(reduction(reduce).type(), value, WARPS));
            }
        }
    }

    private void declareOffsets() {
        for (int i = 0; i < program.inputs().size(); i++) {
            text.line("const index_t o%d = %s;".formatted(i, indexing.offset(i)));
        }
        for (int i = 0; i < program.outputs().size(); i++) {
            int view = kernel.viewOfOutput(i);
            text.line("const index_t o%d = %s;".formatted(view, indexing.offset(view)));
        }
    }

    private void declareScalars(int stage) {
        values.declare(values.scalarsOf(stage), input -> "x%d[o%d]".formatted(input, input));
    }

    private void writeStage(int stage) {
        List<Integer> reductions = new ArrayList<>();
        List<Integer> reduced = new ArrayList<>();
        for (int value = 0; value < program.instructions().size(); value++) {
            if (program.instructions().get(value) instanceof RowProgram.Reduce reduce
                    && values.value(value).stage() == stage) {
                reductions.add(value);
                reduced.add(reduce.argument());
            }
        }
        for (int value : reductions) {
            ReductionText reduction = reduction(value);
            text.line("%s t%d = %s;".formatted(reduction.type(), value, reduction.identity()));
        }
        BitSet declared = values.vectorsFor(reduced);
        elements.open(text, declared, List.of());
        values.declare(declared, input -> elements.load(text, input));
        for (int value : reductions) {
            ReductionText reduction = reduction(value);
            String element = reduction.element("v" + argument(value), "k");
            text.line("t%d = %s;".formatted(value, reduction.combined("t" + value, element)));
        }
        elements.close(text, List.of());
        combineLanes(reductions);
        for (int value : reductions) {
            String type = KernelText.type(values.value(value).dtype());
            text.line(
                    "const %s v%d = %s;".formatted(type, value, reduction(value).finished("t" + value, length)));
        }
    }

    private void combineLanes(List<Integer> reductions) {
        if (cooperation == Kernel.Cooperation.THREAD) {
            return;
        }
        for (int value : reductions) {
            text.line("#pragma unroll");
            text.line("for (int mask = 16; mask > 0; mask /= 2) {");
            String other = "exchange(t%d, mask)".formatted(value);
            text.line("t%d = %s;".formatted(value, reduction(value).combined("t" + value, other)));
            text.line("}");
        }
        if (cooperation == Kernel.Cooperation.BLOCK) {
            combineWarps(reductions);
        }
    }

    private void combineWarps(List<Integer> reductions) {
        text.line("if (lane % 32 == 0) {");
        for (int value : reductions) {
            text.line("s%d[lane / 32] = t%d;".formatted(value, value));
        }
        text.line("}");
        text.line("__syncthreads();");
        for (int value : reductions) {
            text.line("t%d = s%d[0];".formatted(value, value));
            text.line("#pragma unroll");
            text.line("for (int warp = 1; warp < %d; warp++) {".formatted(WARPS));
            text.line("t%d = %s;"
                    .formatted(value, reduction(value).combined("t" + value, "s%d[warp]".formatted(value))));
            text.line("}");
        }
    }

    private void storeVectors() {
        List<Integer> stored = new ArrayList<>();
        List<Integer> vectors = new ArrayList<>();
        for (int output = 0; output < program.outputs().size(); output++) {
            int value = program.outputs().get(output);
            if (values.value(value).isVector()) {
                vectors.add(output);
                stored.add(value);
            }
        }
        if (stored.isEmpty()) {
            return;
        }
        BitSet declared = values.vectorsFor(stored);
        elements.open(text, declared, vectors);
        values.declare(declared, input -> elements.load(text, input));
        for (int output : vectors) {
            text.line("%s = v%d;"
                    .formatted(elements.target(text, output), program.outputs().get(output)));
        }
        elements.close(text, vectors);
    }

    private void storeScalars() {
        List<String> stores = new ArrayList<>();
        for (int output = 0; output < program.outputs().size(); output++) {
            int value = program.outputs().get(output);
            if (!values.value(value).isVector()) {
                stores.add("y%d[o%d] = v%d;".formatted(output, kernel.viewOfOutput(output), value));
            }
        }
        if (stores.isEmpty()) {
            return;
        }
        if (cooperation != Kernel.Cooperation.THREAD) {
            text.line("if (lane == 0) {");
        }
        stores.forEach(text::line);
        if (cooperation != Kernel.Cooperation.THREAD) {
            text.line("}");
        }
    }

    private ReductionText reduction(int value) {
        return reduction((RowProgram.Reduce) program.instructions().get(value));
    }

    private ReductionText reduction(RowProgram.Reduce reduce) {
        return new ReductionText(reduce.op(), values.value(reduce.argument()).dtype());
    }

    private int argument(int value) {
        return ((RowProgram.Reduce) program.instructions().get(value)).argument();
    }
}
