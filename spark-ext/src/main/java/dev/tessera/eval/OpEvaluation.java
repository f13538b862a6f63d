package dev.tessera.eval;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.List;

/** Evaluates one application for the values of its inputs. */
final class OpEvaluation implements Op.Visitor<List<Value>> {
    private final Rounding rounding;
    private final Apply apply;
    private final List<Value> inputs;
    private final DimBinding dims;
    private final ElementwiseEvaluation elementwise;
    private final ReductionEvaluation reductions;

    OpEvaluation(Rounding rounding, Apply apply, List<Value> inputs, DimBinding dims) {
        this.rounding = rounding;
        this.apply = apply;
        this.inputs = inputs;
        this.dims = dims;
        this.elementwise = new ElementwiseEvaluation(rounding);
        this.reductions = new ReductionEvaluation(rounding);
    }

    private long[] resultSizes() {
        return apply.outputs().get(0).shape().sizes(dims);
    }

    private Value x() {
        return inputs.get(0);
    }

    @Override
    public List<Value> visit(Op.Elementwise op) {
        return List.of(elementwise.apply(op.scalar(), inputs, resultSizes()));
    }

    @Override
    public List<Value> visit(Op.Cast op) {
        return List.of(elementwise.cast(x(), op.dtype()));
    }

    @Override
    public List<Value> visit(Op.Reduce op) {
        return List.of(reductions.reduce(op.combine(), x(), op.axes()).withSizes(resultSizes()));
    }

    @Override
    public List<Value> visit(Op.MatMul op) {
        return List.of(new ProductEvaluation(rounding).product(x(), inputs.get(1), resultSizes()));
    }

    @Override
    public List<Value> visit(Op.Reshape op) {
        return List.of(x().withSizes(resultSizes()));
    }

    @Override
    public List<Value> visit(Op.DimShuffle op) {
        long[] strides = new long[op.order().size()];
        for (int i = 0; i < strides.length; i++) {
            int axis = op.order().get(i);
            strides[i] = axis == Op.DimShuffle.NEW_AXIS ? 0 : x().strides()[axis];
        }
        return List.of(view(0, strides));
    }

    @Override
    public List<Value> visit(Op.BroadcastTo op) {
        int[] positions = ElementwiseEvaluation.positions(x().sizes, resultSizes());
        Value out = new Value(x().dtype, resultSizes());
        for (int i = 0; i < out.count(); i++) {
            out.copy(i, x(), positions[i]);
        }
        return List.of(out);
    }

    @Override
    public List<Value> visit(Op.Slice op) {
        long[] strides = x().strides();
        long offset = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            Op.Slice.Range range = op.ranges().get(axis);
            offset += range.start().evaluate(dims) * strides[axis];
            strides[axis] *= range.step();
        }
        return List.of(view(offset, strides));
    }

    @Override
    public List<Value> visit(Op.Diagonal op) {
        long[] from = x().strides();
        List<Long> strides = new ArrayList<>();
        for (int axis = 0; axis < from.length; axis++) {
            if (axis != op.axis1() && axis != op.axis2()) {
                strides.add(from[axis]);
            }
        }
        strides.add(from[op.axis1()] + from[op.axis2()]);
        long offset = Math.max(0, op.offset()) * from[op.axis2()] + Math.max(0, -op.offset()) * from[op.axis1()];
        return List.of(view(offset, strides.stream().mapToLong(Long::longValue).toArray()));
    }

    /** The elements of the first input from {@code offset} at {@code strides}, in the result's sizes. */
    private Value view(long offset, long[] strides) {
        Value out = new Value(x().dtype, resultSizes());
        long[] index = new long[strides.length];
        for (int i = 0; i < out.count(); i++) {
            long at = offset;
            for (int axis = 0; axis < strides.length; axis++) {
                at += index[axis] * strides[axis];
            }
            out.copy(i, x(), (int) at);
            for (int axis = strides.length - 1; axis >= 0 && ++index[axis] == out.sizes[axis]; axis--) {
                index[axis] = 0;
            }
        }
        return out;
    }

    @Override
    public List<Value> visit(Op.Concat op) {
        Value out = new Value(x().dtype, resultSizes());
        long start = 0;
        for (Value input : inputs) {
            long[] at = new long[out.rank()];
            at[op.axis()] = start;
            place(input, out, at);
            start += input.sizes[op.axis()];
        }
        return List.of(out);
    }

    @Override
    public List<Value> visit(Op.Pad op) {
        Value out = new Value(x().dtype, resultSizes());
        for (int i = 0; i < out.count(); i++) {
            out.copy(i, inputs.get(1), 0);
        }
        place(x(), out, op.before().stream().mapToLong(Long::longValue).toArray());
        return List.of(out);
    }

    private static void place(Value source, Value out, long[] at) {
        long[] outStrides = out.strides();
        long[] strides = source.strides();
        for (int i = 0; i < source.count(); i++) {
            long target = 0;
            for (int axis = 0; axis < at.length; axis++) {
                target += (at[axis] + i / strides[axis] % source.sizes[axis]) * outStrides[axis];
            }
            out.copy((int) target, source, i);
        }
    }

    @Override
    public List<Value> visit(Op.Take op) {
        Value indices = inputs.get(1);
        Value out = new Value(x().dtype, resultSizes());
        long inner = x().strides()[op.axis()];
        long size = x().sizes[op.axis()];
        for (int i = 0; i < out.count(); i++) {
            long rest = i / inner;
            int at = (int) (rest % indices.count());
            long index = indices.integers[at];
            if (index < -size || index >= size) {
                throw new IndexOutOfBoundsException(
                        "index %d is out of range for axis %d of size %d".formatted(index, op.axis(), size));
            }
            long source = (rest / indices.count() * size + Math.floorMod(index, size)) * inner + i % inner;
            out.copy(i, x(), (int) source);
            if (indices.errors[at] != 0) {
                out.errors[i] = Double.POSITIVE_INFINITY;
            }
        }
        return List.of(out);
    }

    @Override
    public List<Value> visit(Op.TopK op) {
        return reductions.topK(x(), Math.toIntExact(op.k()), op.axis());
    }

    @Override
    public List<Value> visit(Op.CumulativeSum op) {
        return List.of(reductions.cumulativeSum(x(), op.axis()));
    }

    @Override
    public List<Value> visit(Op.Softmax op) {
        Value shifted = minusMaximum(List.of(op.axis()));
        Value exp = elementwise.apply(ScalarOp.EXP, List.of(shifted), shifted.sizes);
        Value sum = reductions.reduce(ReduceOp.SUM, exp, List.of(op.axis()));
        if (!op.log()) {
            return List.of(elementwise.apply(ScalarOp.DIVIDE, List.of(exp, sum), exp.sizes));
        }
        Value log = elementwise.apply(ScalarOp.LOG, List.of(sum), sum.sizes);
        return List.of(elementwise.apply(ScalarOp.SUBTRACT, List.of(shifted, log), shifted.sizes));
    }

    private Value minusMaximum(List<Integer> axes) {
        if (x().count() == 0) {
            return x();
        }
        Value maximum = reductions.reduce(ReduceOp.MAX, x(), axes);
        return elementwise.apply(ScalarOp.SUBTRACT, List.of(x(), maximum), x().sizes);
    }

    @Override
    public List<Value> visit(Op.LogSumExp op) {
        if (x().count() == 0) {
            Value none = reductions.reduce(ReduceOp.SUM, x(), op.axes());
            return List.of(
                    elementwise.apply(ScalarOp.LOG, List.of(none), none.sizes).withSizes(resultSizes()));
        }
        Value maximum = reductions.reduce(ReduceOp.MAX, x(), op.axes());
        for (int i = 0; i < maximum.count(); i++) {
            if (Double.isInfinite(maximum.reals[i])) {
                maximum.set(i, 0, 0, maximum.errors[i]);
            }
        }
        Value shifted = elementwise.apply(ScalarOp.SUBTRACT, List.of(x(), maximum), x().sizes);
        Value exp = elementwise.apply(ScalarOp.EXP, List.of(shifted), shifted.sizes);
        Value sum = reductions.reduce(ReduceOp.SUM, exp, op.axes());
        Value log = elementwise.apply(ScalarOp.LOG, List.of(sum), sum.sizes);
        return List.of(elementwise
                .apply(ScalarOp.ADD, List.of(log, maximum), log.sizes)
                .withSizes(resultSizes()));
    }

    @Override
    public List<Value> visit(Op.Gemm op) {
        Value result = new ProductEvaluation(rounding).product(x(), inputs.get(1), resultSizes());
        if (op.hasBias()) {
            result = elementwise.apply(ScalarOp.ADD, List.of(result, inputs.get(2)), result.sizes);
        }
        ScalarOp activation = op.activation();
        return List.of(activation == null ? result : elementwise.apply(activation, List.of(result), result.sizes));
    }

    @Override
    public List<Value> visit(Op.Syrk op) {
        long[] sizes = x().sizes;
        int rank = sizes.length;
        long[] strides = x().strides();
        long[] swapped = sizes.clone();
        swapped[rank - 2] = sizes[rank - 1];
        swapped[rank - 1] = sizes[rank - 2];
        Value transposed = new Value(x().dtype, swapped);
        for (int i = 0; i < x().count(); i++) {
            long outer = i / (strides[rank - 2] * sizes[rank - 2]);
            long row = i / strides[rank - 2] % sizes[rank - 2];
            long column = i % sizes[rank - 1];
            transposed.copy((int) ((outer * sizes[rank - 1] + column) * sizes[rank - 2] + row), x(), i);
        }
        return List.of(new ProductEvaluation(rounding).product(x(), transposed, resultSizes()));
    }

    @Override
    public List<Value> visit(Op.Fused op) {
        List<Dim> whole = new ArrayList<>();
        apply.inputs().forEach(input -> widen(whole, input.shape().dims()));
        long[] sizes = whole.stream().mapToLong(dim -> dim.evaluate(dims)).toArray();
        return new RowProgramEvaluation(op.program(), inputs, sizes, rounding).outputs();
    }

    private static void widen(List<Dim> whole, List<Dim> dims) {
        while (whole.size() < dims.size()) {
            whole.add(0, Dim.ONE);
        }
        int lead = whole.size() - dims.size();
        for (int axis = 0; axis < dims.size(); axis++) {
            if (whole.get(lead + axis).isKnown(1)) {
                whole.set(lead + axis, dims.get(axis));
            }
        }
    }
}
