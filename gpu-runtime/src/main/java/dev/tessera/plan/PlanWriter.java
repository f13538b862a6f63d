package dev.tessera.plan;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the body of a plan: a table of its dims, then its parts in order, where a dim is an index into the table. */
final class PlanWriter implements Step.Visitor<Output> {
    private static final int INITIAL_BYTES = 4096;
    private static final int NO_LIMIT = -1;

    // The table comes first in the body and is complete last.
    private final Output parts = new Output(INITIAL_BYTES, NO_LIMIT);
    private final RowProgramWriter programs = new RowProgramWriter(parts);
    private final List<Dim> dims = new ArrayList<>();
    private final Map<Dim, Integer> dimIndexes = new HashMap<>();

    private PlanWriter() {}

    static void write(ExecutionPlan plan, Output output) {
        PlanWriter writer = new PlanWriter();
        writer.writeParts(plan);
        WireOutput.writeList(output, writer.dims, dim -> DimSerializer.write(output, dim));
        output.writeBytes(writer.parts.getBuffer(), 0, writer.parts.position());
    }

    private void writeParts(ExecutionPlan plan) {
        WireOutput.writeList(parts, plan.slots(), this::writeSlot);
        WireOutput.writeList(parts, plan.constants(), this::writeConstant);
        WireOutput.writeList(parts, plan.inputs(), this::writeInput);
        WireOutput.writeList(parts, plan.equalities(), this::writeEquality);
        WireOutput.writeList(parts, plan.invariantSteps(), this::writeStep);
        WireOutput.writeList(parts, plan.rowSteps(), this::writeStep);
        WireOutput.writeList(parts, plan.outputs(), this::writeOutput);
    }

    private void writeSlot(BufferSlot slot) {
        parts.writeInt(slot.scope().wireCode());
        parts.writeInt(slot.dtype().wireCode());
        writeDim(slot.elementCount());
    }

    private void writeConstant(ExecutionPlan.PlanConstant constant) {
        parts.writeInt(constant.slot());
        writeType(constant.type());
        WireOutput.writeText(parts, constant.digest());
    }

    private void writeInput(ExecutionPlan.PlanInput input) {
        WireOutput.writeText(parts, input.name());
        writeType(input.type());
        parts.writeInt(input.slot());
    }

    private void writeEquality(ExecutionPlan.DimEquality equality) {
        writeDim(equality.left());
        writeDim(equality.right());
        WireOutput.writeText(parts, equality.reason());
    }

    private void writeOutput(ExecutionPlan.PlanOutput output) {
        WireOutput.writeText(parts, output.name());
        writeType(output.type());
        writeOperand(output.value());
    }

    private void writeType(TensorType type) {
        parts.writeInt(type.dtype().wireCode());
        WireOutput.writeList(parts, type.shape().dims(), this::writeDim);
    }

    private void writeOperand(Operand operand) {
        parts.writeInt(operand.slot());
        writeDim(operand.offset());
        WireOutput.writeList(parts, operand.dims(), this::writeDim);
        WireOutput.writeList(parts, operand.strides(), this::writeDim);
    }

    private void writeOptional(@Nullable Operand operand) {
        WireOutput.writeBoolean(parts, operand != null);
        if (operand != null) {
            writeOperand(operand);
        }
    }

    private void writeActivation(@Nullable ScalarOp activation) {
        WireOutput.writeBoolean(parts, activation != null);
        if (activation != null) {
            parts.writeInt(activation.wireCode());
        }
    }

    private void writeDim(Dim dim) {
        Integer index = dimIndexes.get(dim);
        if (index == null) {
            index = dims.size();
            dims.add(dim);
            dimIndexes.put(dim, index);
        }
        parts.writeInt(index);
    }

    private void writeStep(Step step) {
        step.accept(this);
    }

    @Override
    public Output visit(RowProgramStep step) {
        parts.writeInt(WireLayout.ROW_PROGRAM);
        programs.write(step.program());
        WireOutput.writeList(parts, step.outer(), this::writeDim);
        writeDim(step.length());
        WireOutput.writeList(parts, step.inputs(), this::writeOperand);
        WireOutput.writeList(parts, step.outputs(), this::writeOperand);
        return parts;
    }

    @Override
    public Output visit(GemmStep step) {
        parts.writeInt(WireLayout.GEMM);
        writeOperand(step.a());
        writeOperand(step.b());
        writeOptional(step.bias());
        writeActivation(step.activation());
        writeOperand(step.out());
        return parts;
    }

    @Override
    public Output visit(SyrkStep step) {
        parts.writeInt(WireLayout.SYRK);
        writeOperand(step.a());
        writeOperand(step.out());
        return parts;
    }

    @Override
    public Output visit(CopyStep step) {
        parts.writeInt(WireLayout.COPY);
        writeOperand(step.source());
        writeOperand(step.out());
        return parts;
    }

    @Override
    public Output visit(GatherStep step) {
        parts.writeInt(WireLayout.GATHER);
        writeOperand(step.source());
        writeOperand(step.indices());
        parts.writeInt(step.axis());
        writeOperand(step.out());
        return parts;
    }

    @Override
    public Output visit(CumulativeSumStep step) {
        parts.writeInt(WireLayout.CUMULATIVE_SUM);
        writeOperand(step.source());
        parts.writeInt(step.axis());
        writeOperand(step.out());
        return parts;
    }

    @Override
    public Output visit(TopKStep step) {
        parts.writeInt(WireLayout.TOP_K);
        writeOperand(step.source());
        writeOperand(step.values());
        writeOperand(step.indices());
        return parts;
    }

    @Override
    public Output visit(ReduceRowsStep step) {
        parts.writeInt(WireLayout.REDUCE_ROWS);
        parts.writeInt(step.op().wireCode());
        writeOperand(step.source());
        writeOperand(step.accumulator());
        return parts;
    }
}
