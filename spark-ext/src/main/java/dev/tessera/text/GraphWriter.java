package dev.tessera.text;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.DimSerializer;
import dev.tessera.plan.RowProgramWriter;
import dev.tessera.plan.ScalarOp;
import dev.tessera.plan.TensorSerializer;
import dev.tessera.plan.WireOutput;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a graph: its distinct dims, its constants, its inputs, every application once after those it reads, and its
 * outputs. Values are numbered in this order; an application's results from its first. Used once.
 */
final class GraphWriter implements Op.Visitor<Output> {
    private static final int INITIAL_BYTES = 4096;
    private static final int NO_LIMIT = -1;

    private final Graph graph;
    private final Output nodes = new Output(INITIAL_BYTES, NO_LIMIT);
    private final Map<Dim, Integer> dims = new LinkedHashMap<>();
    private final Map<Tensor, Integer> values = new HashMap<>();

    GraphWriter(Graph graph) {
        this.graph = graph;
    }

    /** Writes the graph, and returns how many applications it has. */
    int write(Output output) {
        List<Apply> applies = graph.toposort();
        List<Constant> constants = constants(applies);
        constants.forEach(this::number);
        WireOutput.writeList(nodes, graph.variables(), variable -> writeInput(variable.name(), variable));
        WireOutput.writeList(nodes, graph.parameters(), parameter -> writeInput(parameter.name(), parameter));
        WireOutput.writeList(nodes, applies, this::writeApply);
        WireOutput.writeList(nodes, graph.outputs(), result -> {
            WireOutput.writeText(nodes, result.name());
            writeValue(result.value());
        });
        WireOutput.writeList(output, List.copyOf(dims.keySet()), dim -> DimSerializer.write(output, dim));
        WireOutput.writeList(output, constants, constant -> {
            WireOutput.writeBoolean(output, constant.isWeak());
            TensorSerializer.write(output, constant.value());
        });
        output.writeBytes(nodes.getBuffer(), 0, nodes.position());
        return applies.size();
    }

    private List<Constant> constants(List<Apply> applies) {
        List<Tensor> read = new ArrayList<>();
        applies.forEach(apply -> read.addAll(apply.inputs()));
        graph.outputs().forEach(output -> read.add(output.value()));
        Set<Constant> constants = new LinkedHashSet<>();
        for (Tensor tensor : read) {
            if (tensor instanceof Constant constant) {
                constants.add(constant);
            }
        }
        return List.copyOf(constants);
    }

    private void number(Tensor tensor) {
        values.put(tensor, values.size());
    }

    private void writeInput(String name, Tensor input) {
        number(input);
        WireOutput.writeText(nodes, name);
        writeType(input.type());
    }

    private void writeApply(Apply apply) {
        apply.op().accept(this);
        WireOutput.writeList(nodes, apply.inputs(), this::writeValue);
        for (Result result : apply.outputs()) {
            number(result);
            writeType(result.type());
        }
    }

    private void writeValue(Tensor value) {
        Integer number = values.get(value);
        if (number == null) {
            throw new IllegalArgumentException(
                    "Cannot write graph: it reads %s, which is not among its inputs".formatted(value));
        }
        nodes.writeInt(number);
    }

    private void writeType(TensorType type) {
        nodes.writeInt(type.dtype().wireCode());
        writeShape(type.shape());
    }

    private void writeShape(Shape shape) {
        WireOutput.writeList(nodes, shape.dims(), this::writeDim);
    }

    private void writeDim(Dim dim) {
        Integer next = dims.size();
        Integer index = dims.putIfAbsent(dim, next);
        nodes.writeInt(index == null ? next : index);
    }

    private void writeAxes(List<Integer> axes) {
        WireOutput.writeList(nodes, axes, nodes::writeInt);
    }

    @Override
    public Output visit(Op.Elementwise op) {
        nodes.writeInt(GraphLayout.ELEMENTWISE);
        nodes.writeInt(op.scalar().wireCode());
        return nodes;
    }

    @Override
    public Output visit(Op.Cast op) {
        nodes.writeInt(GraphLayout.CAST);
        nodes.writeInt(op.dtype().wireCode());
        return nodes;
    }

    @Override
    public Output visit(Op.Reduce op) {
        nodes.writeInt(GraphLayout.REDUCE);
        nodes.writeInt(op.combine().wireCode());
        writeAxes(op.axes());
        WireOutput.writeBoolean(nodes, op.keepDims());
        return nodes;
    }

    @Override
    public Output visit(Op.MatMul op) {
        nodes.writeInt(GraphLayout.MAT_MUL);
        return nodes;
    }

    @Override
    public Output visit(Op.Reshape op) {
        nodes.writeInt(GraphLayout.RESHAPE);
        writeShape(op.shape());
        return nodes;
    }

    @Override
    public Output visit(Op.DimShuffle op) {
        nodes.writeInt(GraphLayout.DIM_SHUFFLE);
        writeAxes(op.order());
        return nodes;
    }

    @Override
    public Output visit(Op.BroadcastTo op) {
        nodes.writeInt(GraphLayout.BROADCAST_TO);
        writeShape(op.shape());
        return nodes;
    }

    @Override
    public Output visit(Op.Slice op) {
        nodes.writeInt(GraphLayout.SLICE);
        WireOutput.writeList(nodes, op.ranges(), range -> {
            writeDim(range.start());
            writeDim(range.length());
            nodes.writeLong(range.step());
        });
        return nodes;
    }

    @Override
    public Output visit(Op.Diagonal op) {
        nodes.writeInt(GraphLayout.DIAGONAL);
        nodes.writeLong(op.offset());
        nodes.writeInt(op.axis1());
        nodes.writeInt(op.axis2());
        return nodes;
    }

    @Override
    public Output visit(Op.Concat op) {
        nodes.writeInt(GraphLayout.CONCAT);
        nodes.writeInt(op.axis());
        return nodes;
    }

    @Override
    public Output visit(Op.Pad op) {
        nodes.writeInt(GraphLayout.PAD);
        WireOutput.writeList(nodes, op.before(), nodes::writeLong);
        WireOutput.writeList(nodes, op.after(), nodes::writeLong);
        return nodes;
    }

    @Override
    public Output visit(Op.Take op) {
        nodes.writeInt(GraphLayout.TAKE);
        nodes.writeInt(op.axis());
        return nodes;
    }

    @Override
    public Output visit(Op.TopK op) {
        nodes.writeInt(GraphLayout.TOP_K);
        nodes.writeLong(op.k());
        nodes.writeInt(op.axis());
        return nodes;
    }

    @Override
    public Output visit(Op.CumulativeSum op) {
        nodes.writeInt(GraphLayout.CUMULATIVE_SUM);
        nodes.writeInt(op.axis());
        return nodes;
    }

    @Override
    public Output visit(Op.Softmax op) {
        nodes.writeInt(GraphLayout.SOFTMAX);
        nodes.writeInt(op.axis());
        WireOutput.writeBoolean(nodes, op.log());
        return nodes;
    }

    @Override
    public Output visit(Op.LogSumExp op) {
        nodes.writeInt(GraphLayout.LOG_SUM_EXP);
        writeAxes(op.axes());
        WireOutput.writeBoolean(nodes, op.keepDims());
        return nodes;
    }

    @Override
    public Output visit(Op.Gemm op) {
        ScalarOp activation = op.activation();
        nodes.writeInt(GraphLayout.GEMM);
        WireOutput.writeBoolean(nodes, op.hasBias());
        nodes.writeInt(activation == null ? GraphLayout.NO_ACTIVATION : activation.wireCode());
        return nodes;
    }

    @Override
    public Output visit(Op.Syrk op) {
        nodes.writeInt(GraphLayout.SYRK);
        return nodes;
    }

    @Override
    public Output visit(Op.Fused op) {
        nodes.writeInt(GraphLayout.FUSED);
        new RowProgramWriter(nodes).write(op.program());
        return nodes;
    }
}
