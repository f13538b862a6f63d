package dev.tessera.expr;

import dev.tessera.plan.ExecutionPlan.DimEquality;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The dtypes and shapes that an op gives for its inputs, and the equalities of unknown dims that it relies on. */
final class TypeInference implements Op.Visitor<List<TensorType>> {
    /** Output types, and equalities to check when a row is seen. */
    record Inferred(List<TensorType> outputs, List<DimEquality> equalities) {
        Inferred {
            outputs = List.copyOf(outputs);
            equalities = List.copyOf(equalities);
        }
    }

    private final List<Tensor> inputs;
    private final Set<DimEquality> equalities = new LinkedHashSet<>();
    private @Nullable String reason;

    private TypeInference(List<Tensor> inputs) {
        this.inputs = inputs;
    }

    static Inferred infer(Op op, List<Tensor> inputs) {
        TypeInference inference = new TypeInference(inputs);
        List<TensorType> outputs = inference.outputs(op);
        for (TensorType output : outputs) {
            if (output.rank() > Shape.MAX_RANK) {
                throw inference.error(
                        op, "the result has rank %d, at most %d".formatted(output.rank(), Shape.MAX_RANK));
            }
        }
        return new Inferred(outputs, List.copyOf(inference.equalities));
    }

    private List<TensorType> outputs(Op op) {
        try {
            List<TensorType> outputs = op.accept(this);
            for (TensorType output : outputs) {
                HostTensor.sizeInBytes(output.dtype(), knownSizes(output.shape()));
            }
            return outputs;
        } catch (ArithmeticException e) {
            throw error(op, "a size is larger than 2^63");
        } catch (TensorTypeException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw error(op, String.valueOf(e.getMessage()));
        }
    }

    /** The sizes of a shape, 1 for what is unknown: no batch is larger than a tensor may be, whatever the rows bring. */
    private static long[] knownSizes(Shape shape) {
        return shape.dims().stream()
                .mapToLong(dim -> dim.isKnown() ? dim.size() : 1)
                .toArray();
    }

    private Shape shape(int input) {
        return inputs.get(input).shape();
    }

    private DType dtype(int input) {
        return inputs.get(input).dtype();
    }

    private TensorTypeException error(Op op, String why) {
        return TypeErrors.of(op, inputs, why);
    }

    private void expectInputs(Op op, int count) {
        if (inputs.size() != count) {
            throw error(op, "it takes %d inputs, not %d".formatted(count, inputs.size()));
        }
    }

    private void expectSizes(Op op, List<Dim> dims) {
        for (Dim dim : dims) {
            if (dim.isKnown() && dim.size() < 0) {
                throw error(op, "size %s is negative".formatted(dim));
            }
        }
    }

    private void expectAxes(Op op, List<Integer> axes, int rank) {
        axes.forEach(axis -> expectAxis(op, axis, rank));
        if (new HashSet<>(axes).size() != axes.size()) {
            throw error(op, "an axis is given twice in " + axes);
        }
    }

    private void expectAxis(Op op, int axis, int rank) {
        if (axis < 0 || axis >= rank) {
            throw error(op, "axis %d is out of range for rank %d".formatted(axis, rank));
        }
    }

    /** The dim that both stand for: a known size if either is known; unknown ones are checked when a row is seen. */
    private Dim unify(Op op, Dim left, Dim right) {
        if (left.equals(right)) {
            return left;
        }
        if (left.isKnown() && right.isKnown()) {
            throw error(op, "sizes %s and %s differ".formatted(left, right));
        }
        require(op, left, right);
        return left.isKnown() ? left : right.isKnown() ? right : left;
    }

    /** To be checked when a row is seen. The expression that asks is written once: its inputs may be many. */
    private void require(Op op, Dim left, Dim right) {
        if (reason == null) {
            reason = ExpressionText.of(op, inputs);
        }
        equalities.add(new DimEquality(left, right, reason));
    }

    private Shape broadcast(Op op, Shape left, Shape right) {
        int rank = Math.max(left.rank(), right.rank());
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            int l = left.rank() - rank + i;
            int r = right.rank() - rank + i;
            if (l < 0 || left.dim(l).isKnown(1)) {
                dims.add(r < 0 ? left.dim(l) : right.dim(r));
            } else if (r < 0 || right.dim(r).isKnown(1)) {
                dims.add(left.dim(l));
            } else {
                dims.add(unify(op, left.dim(l), right.dim(r)));
            }
        }
        return new Shape(dims);
    }

    private Shape broadcastAll(Op op) {
        Shape shape = shape(0);
        for (int i = 1; i < inputs.size(); i++) {
            shape = broadcast(op, shape, shape(i));
        }
        return shape;
    }

    @Override
    public List<TensorType> visit(Op.Elementwise op) {
        ScalarOp scalar = op.scalar();
        expectInputs(op, scalar.arity());
        int first = scalar == ScalarOp.WHERE ? 1 : 0;
        for (int i = 0; i < inputs.size(); i++) {
            boolean fits = i < first ? dtype(i) == DType.BOOL : dtype(i) == dtype(first) && scalar.accepts(dtype(i));
            if (!fits) {
                throw error(op, "%s does not take %s there".formatted(scalar, dtype(i)));
            }
        }
        return List.of(new TensorType(scalar.resultDType(dtype(first)), broadcastAll(op)));
    }

    @Override
    public List<TensorType> visit(Op.Cast op) {
        expectInputs(op, 1);
        if (!op.dtype().isComputable()) {
            throw error(op, "%s is a dtype of storage only".formatted(op.dtype()));
        }
        return List.of(new TensorType(op.dtype(), shape(0)));
    }

    @Override
    public List<TensorType> visit(Op.Reduce op) {
        expectInputs(op, 1);
        if (!op.combine().accepts(dtype(0))) {
            throw error(op, "%s does not take %s".formatted(op.combine(), dtype(0)));
        }
        boolean arg = op.combine() == ReduceOp.ARGMAX || op.combine() == ReduceOp.ARGMIN;
        if (arg && op.axes().size() != 1) {
            throw error(op, "it takes one axis; flatten first to search all");
        }
        Shape reduced = reduced(op, op.axes(), op.keepDims(), op.combine().hasIdentity());
        return List.of(new TensorType(op.combine().resultDType(dtype(0)), reduced));
    }

    private Shape reduced(Op op, List<Integer> axes, boolean keepDims, boolean hasIdentity) {
        List<Dim> dims = new ArrayList<>();
        expectAxes(op, axes, shape(0).rank());
        for (int axis = 0; axis < shape(0).rank(); axis++) {
            if (!axes.contains(axis)) {
                dims.add(shape(0).dim(axis));
            } else if (!hasIdentity && shape(0).dim(axis).isKnown(0)) {
                throw error(op, "a reduction of no elements has no value");
            } else if (keepDims) {
                dims.add(Dim.ONE);
            }
        }
        return new Shape(dims);
    }

    @Override
    public List<TensorType> visit(Op.MatMul op) {
        expectInputs(op, 2);
        return List.of(new TensorType(dtype(0), product(op)));
    }

    private Shape product(Op op) {
        Shape a = shape(0);
        Shape b = shape(1);
        if (a.rank() < 2 || b.rank() < 2 || dtype(0) != dtype(1)) {
            throw error(op, "both must be matrices of one dtype");
        }
        Dim k1 = a.dim(a.rank() - 1);
        Dim k2 = b.dim(b.rank() - 2);
        if (k1.isKnown() && k2.isKnown() && !k1.equals(k2)) {
            throw error(op, "inner dimensions %s and %s differ".formatted(k1, k2));
        }
        unify(op, k1, k2);
        Shape leading = broadcast(
                op,
                new Shape(a.dims().subList(0, a.rank() - 2)),
                new Shape(b.dims().subList(0, b.rank() - 2)));
        List<Dim> dims = new ArrayList<>(leading.dims());
        dims.add(a.dim(a.rank() - 2));
        dims.add(b.dim(b.rank() - 1));
        return new Shape(dims);
    }

    @Override
    public List<TensorType> visit(Op.Reshape op) {
        expectInputs(op, 1);
        expectSizes(op, op.shape().dims());
        unify(op, shape(0).elementCount(), op.shape().elementCount());
        return List.of(new TensorType(dtype(0), op.shape()));
    }

    @Override
    public List<TensorType> visit(Op.DimShuffle op) {
        expectInputs(op, 1);
        List<Dim> dims = new ArrayList<>();
        for (int axis : op.order()) {
            if (axis != Op.DimShuffle.NEW_AXIS) {
                expectAxis(op, axis, shape(0).rank());
            }
            dims.add(axis == Op.DimShuffle.NEW_AXIS ? Dim.ONE : shape(0).dim(axis));
        }
        for (int axis = 0; axis < shape(0).rank(); axis++) {
            int uses = Collections.frequency(op.order(), axis);
            if (uses > 1 || (uses == 0 && !shape(0).dim(axis).isKnown(1))) {
                throw error(op, "axis %d of size %s must be used once".formatted(axis, shape(0).dim(axis)));
            }
        }
        return List.of(new TensorType(dtype(0), new Shape(dims)));
    }

    @Override
    public List<TensorType> visit(Op.BroadcastTo op) {
        expectInputs(op, 1);
        expectSizes(op, op.shape().dims());
        Shape result = broadcast(op, shape(0), op.shape());
        if (!result.equals(op.shape())) {
            throw error(op, "it does not fill " + op.shape());
        }
        return List.of(new TensorType(dtype(0), op.shape()));
    }

    @Override
    public List<TensorType> visit(Op.Slice op) {
        expectInputs(op, 1);
        if (op.ranges().size() != shape(0).rank()) {
            throw error(op, "it has %d ranges for rank %d".formatted(op.ranges().size(), shape(0).rank()));
        }
        List<Dim> dims = op.ranges().stream().map(Op.Slice.Range::length).toList();
        expectSizes(op, dims);
        for (int axis = 0; axis < dims.size(); axis++) {
            expectRange(op, op.ranges().get(axis), shape(0).dim(axis));
        }
        return List.of(new TensorType(dtype(0), new Shape(dims)));
    }

    private void expectRange(Op op, Op.Slice.Range range, Dim size) {
        if (range.step() == 0) {
            throw error(op, "a step is 0");
        }
        if (!range.start().isKnown()
                || !range.length().isKnown()
                || !size.isKnown()
                || range.length().isKnown(0)) {
            return;
        }
        long start = range.start().size();
        long reach = Math.multiplyExact(range.length().size() - 1, range.step());
        long last = Math.addExact(start, reach);
        if (Math.min(start, last) < 0 || Math.max(start, last) >= size.size()) {
            throw error(op, "positions %d to %d are out of range for an axis of size %s".formatted(start, last, size));
        }
    }

    @Override
    public List<TensorType> visit(Op.Diagonal op) {
        expectInputs(op, 1);
        expectAxis(op, op.axis1(), shape(0).rank());
        expectAxis(op, op.axis2(), shape(0).rank());
        if (op.axis1() == op.axis2()) {
            throw error(op, "the two axes are the same");
        }
        Dim rows = shape(0).dim(op.axis1()).minus(Dim.of(Math.max(0, -op.offset())));
        Dim columns = shape(0).dim(op.axis2()).minus(Dim.of(Math.max(0, op.offset())));
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < shape(0).rank(); axis++) {
            if (axis != op.axis1() && axis != op.axis2()) {
                dims.add(shape(0).dim(axis));
            }
        }
        dims.add(Dim.max(Dim.ZERO, Dim.min(rows, columns)));
        return List.of(new TensorType(dtype(0), new Shape(dims)));
    }

    @Override
    public List<TensorType> visit(Op.Concat op) {
        if (inputs.isEmpty()) {
            throw error(op, "it takes at least one input");
        }
        expectAxis(op, op.axis(), shape(0).rank());
        List<Dim> dims = new ArrayList<>(shape(0).dims());
        for (int i = 1; i < inputs.size(); i++) {
            if (shape(i).rank() != dims.size() || dtype(i) != dtype(0)) {
                throw error(op, "ranks and dtypes must be equal");
            }
            for (int axis = 0; axis < dims.size(); axis++) {
                Dim dim = shape(i).dim(axis);
                dims.set(axis, axis == op.axis() ? dims.get(axis).plus(dim) : unify(op, dims.get(axis), dim));
            }
        }
        return List.of(new TensorType(dtype(0), new Shape(dims)));
    }

    @Override
    public List<TensorType> visit(Op.Pad op) {
        expectInputs(op, 2);
        if (shape(1).rank() != 0 || dtype(1) != dtype(0)) {
            throw error(op, "the fill value is a scalar of the same dtype");
        }
        boolean fits = op.before().size() == shape(0).rank() && op.after().size() == shape(0).rank();
        if (!fits
                || op.before().stream().anyMatch(w -> w < 0)
                || op.after().stream().anyMatch(w -> w < 0)) {
            throw error(op, "each axis takes a width of 0 or more before it and after it");
        }
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < shape(0).rank(); axis++) {
            dims.add(shape(0).dim(axis)
                    .plus(op.before().get(axis))
                    .plus(op.after().get(axis)));
        }
        return List.of(new TensorType(dtype(0), new Shape(dims)));
    }

    @Override
    public List<TensorType> visit(Op.Take op) {
        expectInputs(op, 2);
        expectAxis(op, op.axis(), shape(0).rank());
        if (!dtype(1).isInteger()) {
            throw error(op, "indices are int32 or int64, not " + dtype(1));
        }
        List<Dim> dims = new ArrayList<>(shape(0).dims().subList(0, op.axis()));
        dims.addAll(shape(1).dims());
        dims.addAll(shape(0).dims().subList(op.axis() + 1, shape(0).rank()));
        return List.of(new TensorType(dtype(0), new Shape(dims)));
    }

    @Override
    public List<TensorType> visit(Op.TopK op) {
        expectInputs(op, 1);
        expectAxis(op, op.axis(), shape(0).rank());
        Dim size = shape(0).dim(op.axis());
        if (op.k() < 0 || (size.isKnown() && op.k() > size.size())) {
            throw error(op, "k = %d is out of range for axis %d of size %s".formatted(op.k(), op.axis(), size));
        }
        if (!size.isKnown()) {
            // The axis has at least k elements.
            require(op, Dim.min(size, Dim.of(op.k())), Dim.of(op.k()));
        }
        List<Dim> dims = new ArrayList<>(shape(0).dims());
        dims.set(op.axis(), Dim.of(op.k()));
        return List.of(new TensorType(dtype(0), new Shape(dims)), new TensorType(DType.INT64, new Shape(dims)));
    }

    @Override
    public List<TensorType> visit(Op.CumulativeSum op) {
        expectInputs(op, 1);
        expectAxis(op, op.axis(), shape(0).rank());
        if (dtype(0) == DType.BOOL) {
            throw error(op, "it takes numbers");
        }
        return List.of(inputs.get(0).type());
    }

    @Override
    public List<TensorType> visit(Op.Softmax op) {
        expectInputs(op, 1);
        expectAxis(op, op.axis(), shape(0).rank());
        expectFloating(op);
        return List.of(inputs.get(0).type());
    }

    @Override
    public List<TensorType> visit(Op.LogSumExp op) {
        expectInputs(op, 1);
        expectFloating(op);
        return List.of(new TensorType(dtype(0), reduced(op, op.axes(), op.keepDims(), true)));
    }

    private void expectFloating(Op op) {
        if (!dtype(0).isFloating()) {
            throw error(op, "it takes float32 or float64");
        }
    }

    @Override
    public List<TensorType> visit(Op.Gemm op) {
        expectInputs(op, op.hasBias() ? 3 : 2);
        Shape product = product(op);
        ScalarOp activation = op.activation();
        if (activation != null
                && (activation.arity() != 1
                        || !activation.accepts(dtype(0))
                        || activation.resultDType(dtype(0)) != dtype(0))) {
            throw error(op, "%s is no activation of %s".formatted(activation, dtype(0)));
        }
        if (op.hasBias() && dtype(2) != dtype(0)) {
            throw error(op, "the bias is of another dtype");
        }
        if (op.hasBias() && !broadcast(op, product, shape(2)).equals(product)) {
            throw error(op, "the bias does not broadcast to " + product);
        }
        return List.of(new TensorType(dtype(0), product));
    }

    @Override
    public List<TensorType> visit(Op.Syrk op) {
        expectInputs(op, 1);
        expectFloating(op);
        if (shape(0).rank() < 2) {
            throw error(op, "it takes a matrix");
        }
        List<Dim> dims = new ArrayList<>(shape(0).dims());
        dims.set(dims.size() - 1, dims.get(dims.size() - 2));
        return List.of(new TensorType(dtype(0), new Shape(dims)));
    }

    @Override
    public List<TensorType> visit(Op.Fused op) {
        expectInputs(op, op.program().inputs().size());
        Shape whole = inputs.isEmpty() ? Shape.SCALAR : broadcastAll(op);
        for (int i = 0; i < inputs.size(); i++) {
            RowProgram.Input taken = op.program().inputs().get(i);
            boolean isScalar =
                    shape(i).rank() == 0 || shape(i).dim(shape(i).rank() - 1).isKnown(1);
            if (taken.dtype() != dtype(i) || !(taken.isVector() || isScalar)) {
                throw error(op, "its program takes %s for input %d".formatted(taken, i));
            }
        }
        List<RowProgram.Value> values = op.program().values();
        List<TensorType> outputs = new ArrayList<>();
        for (int output : op.program().outputs()) {
            if (output < 0 || output >= values.size()) {
                throw error(op, "its program has no value " + output);
            }
            List<Dim> dims = new ArrayList<>(whole.dims());
            if (!values.get(output).isVector() && !dims.isEmpty()) {
                dims.set(dims.size() - 1, Dim.ONE);
            }
            outputs.add(new TensorType(values.get(output).dtype(), new Shape(dims)));
        }
        return outputs;
    }
}
