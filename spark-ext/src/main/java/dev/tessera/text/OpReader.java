package dev.tessera.text;

import dev.tessera.expr.Op;
import dev.tessera.plan.PlanCheck;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgramReader;
import dev.tessera.plan.ScalarOp;
import dev.tessera.plan.WireInput;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the op of an application. */
final class OpReader {
    private final WireInput input;
    private final List<Dim> dims;

    OpReader(WireInput input, List<Dim> dims) {
        this.input = input;
        this.dims = dims;
    }

    Op read() {
        int code = input.readInt();
        return switch (code) {
            case GraphLayout.ELEMENTWISE -> new Op.Elementwise(input.readCode(ScalarOp::ofWireCode));
            case GraphLayout.CAST -> new Op.Cast(input.readCode(DType::ofWireCode));
            case GraphLayout.REDUCE ->
                new Op.Reduce(input.readCode(ReduceOp::ofWireCode), readAxes(), input.readBoolean());
            case GraphLayout.MAT_MUL -> new Op.MatMul();
            case GraphLayout.RESHAPE -> new Op.Reshape(readShape());
            case GraphLayout.DIM_SHUFFLE -> new Op.DimShuffle(readAxes());
            case GraphLayout.BROADCAST_TO -> new Op.BroadcastTo(readShape());
            case GraphLayout.SLICE ->
                new Op.Slice(input.readList("ranges", GraphLayout.RANGE_BYTES, Shape.MAX_RANK, this::readRange));
            case GraphLayout.DIAGONAL -> new Op.Diagonal(input.readLong(), input.readInt(), input.readInt());
            case GraphLayout.CONCAT -> new Op.Concat(input.readInt());
            case GraphLayout.PAD -> new Op.Pad(readWidths(), readWidths());
            case GraphLayout.TAKE -> new Op.Take(input.readInt());
            case GraphLayout.TOP_K -> new Op.TopK(input.readLong(), input.readInt());
            case GraphLayout.CUMULATIVE_SUM -> new Op.CumulativeSum(input.readInt());
            case GraphLayout.SOFTMAX -> new Op.Softmax(input.readInt(), input.readBoolean());
            case GraphLayout.LOG_SUM_EXP -> new Op.LogSumExp(readAxes(), input.readBoolean());
            case GraphLayout.GEMM -> new Op.Gemm(input.readBoolean(), readActivation());
            case GraphLayout.SYRK -> new Op.Syrk();
            case GraphLayout.FUSED -> new Op.Fused(new RowProgramReader(input).read());
            default -> throw input.failure(PlanCheck.CODE, "no kind of op has code " + code);
        };
    }

    private List<Integer> readAxes() {
        return input.readList("axes", GraphLayout.INT_BYTES, Shape.MAX_RANK, input::readInt);
    }

    private List<Long> readWidths() {
        return input.readList("widths", GraphLayout.LONG_BYTES, Shape.MAX_RANK, input::readLong);
    }

    /** Sizes by their numbers among the dims. */
    Shape readShape() {
        return new Shape(input.readList("sizes", GraphLayout.INT_BYTES, Shape.MAX_RANK, this::readDim));
    }

    private Op.Slice.Range readRange() {
        return new Op.Slice.Range(readDim(), readDim(), input.readLong());
    }

    private Dim readDim() {
        int index = input.readInt();
        if (index < 0 || index >= dims.size()) {
            throw input.failure(PlanCheck.DIM, "dim %d of %d".formatted(index, dims.size()));
        }
        return dims.get(index);
    }

    private @Nullable ScalarOp readActivation() {
        int code = input.readInt();
        return code == GraphLayout.NO_ACTIVATION ? null : input.decode(code, ScalarOp::ofWireCode);
    }
}
