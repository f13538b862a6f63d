package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words of the language, under NumPy's rules of dtypes, broadcasting and values; every word throws
 * {@link TensorTypeException} for arguments that do not fit. Most are methods of {@link Tensor} too. Reductions take the
 * axes to reduce, none for all; {@link Reduction} has them with {@code keepDims}.
 */
public final class Tensors {
    private Tensors() {}

    /** A column. */
    public static Variable variable(String name, TensorType type) {
        return new Variable(name, Variable.checked(name, type));
    }

    public static Variable variable(String name, DType dtype, Dim... dims) {
        return variable(name, new TensorType(dtype, Shape.of(dims)));
    }

    /** A row-invariant input, bound when the function is called. */
    public static Parameter parameter(String name, TensorType type) {
        return new Parameter(name, Variable.checked(name, type));
    }

    public static Parameter parameter(String name, DType dtype, Dim... dims) {
        return parameter(name, new TensorType(dtype, Shape.of(dims)));
    }

    /** A value fixed in the graph; not copied, never to be modified from here on. */
    public static Constant constant(HostTensor value) {
        return new Constant(Constant.checked(value), false);
    }

    public static Constant constant(float[] values, long... sizes) {
        return constant(HostTensor.of(values, sizes));
    }

    public static Constant constant(double[] values, long... sizes) {
        return constant(HostTensor.of(values, sizes));
    }

    public static Constant constant(int[] values, long... sizes) {
        return constant(HostTensor.of(values, sizes));
    }

    public static Constant constant(long[] values, long... sizes) {
        return constant(HostTensor.of(values, sizes));
    }

    public static Constant constant(boolean[] values, long... sizes) {
        return constant(HostTensor.of(values, sizes));
    }

    public static Constant constant(float value) {
        return constant(HostTensor.scalar(value));
    }

    public static Constant constant(double value) {
        return constant(HostTensor.scalar(value));
    }

    public static Constant constant(int value) {
        return constant(HostTensor.of(new int[] {value}).row(0));
    }

    public static Constant constant(long value) {
        return constant(HostTensor.of(new long[] {value}).row(0));
    }

    public static Constant constant(boolean value) {
        return constant(HostTensor.of(new boolean[] {value}).row(0));
    }

    /** A number that takes the dtype of what it meets, as a Python float does. */
    public static Constant weak(double value) {
        return PythonNumbers.weak(value);
    }

    /** A number that takes the dtype of what it meets, as a Python int does. */
    public static Constant weak(long value) {
        return PythonNumbers.weak(value);
    }

    public static Constant weak(boolean value) {
        return PythonNumbers.weak(value);
    }

    /** A scalar function of arguments that are brought to one dtype and broadcast. */
    public static Tensor apply(ScalarOp op, Tensor... arguments) {
        return ElementwiseWords.apply(op, List.of(arguments));
    }

    public static Tensor exp(Tensor x) {
        return apply(ScalarOp.EXP, x);
    }

    public static Tensor expm1(Tensor x) {
        return apply(ScalarOp.EXPM1, x);
    }

    public static Tensor log(Tensor x) {
        return apply(ScalarOp.LOG, x);
    }

    public static Tensor log1p(Tensor x) {
        return apply(ScalarOp.LOG1P, x);
    }

    public static Tensor log2(Tensor x) {
        return apply(ScalarOp.LOG2, x);
    }

    public static Tensor sqrt(Tensor x) {
        return apply(ScalarOp.SQRT, x);
    }

    public static Tensor rsqrt(Tensor x) {
        return apply(ScalarOp.RSQRT, x);
    }

    public static Tensor square(Tensor x) {
        return apply(ScalarOp.SQUARE, x);
    }

    public static Tensor reciprocal(Tensor x) {
        return apply(ScalarOp.RECIPROCAL, x);
    }

    public static Tensor sin(Tensor x) {
        return apply(ScalarOp.SIN, x);
    }

    public static Tensor cos(Tensor x) {
        return apply(ScalarOp.COS, x);
    }

    public static Tensor tan(Tensor x) {
        return apply(ScalarOp.TAN, x);
    }

    public static Tensor tanh(Tensor x) {
        return apply(ScalarOp.TANH, x);
    }

    public static Tensor sigmoid(Tensor x) {
        return apply(ScalarOp.SIGMOID, x);
    }

    public static Tensor softplus(Tensor x) {
        return apply(ScalarOp.SOFTPLUS, x);
    }

    public static Tensor relu(Tensor x) {
        return apply(ScalarOp.RELU, x);
    }

    /** {@code x/2 * (1 + erf(x / sqrt 2))}, the exact form. */
    public static Tensor gelu(Tensor x) {
        return apply(ScalarOp.GELU, x);
    }

    public static Tensor erf(Tensor x) {
        return apply(ScalarOp.ERF, x);
    }

    public static Tensor floor(Tensor x) {
        return apply(ScalarOp.FLOOR, x);
    }

    public static Tensor ceil(Tensor x) {
        return apply(ScalarOp.CEIL, x);
    }

    /** To the nearest integer, ties to even. */
    public static Tensor round(Tensor x) {
        return apply(ScalarOp.ROUND, x);
    }

    public static Tensor isnan(Tensor x) {
        return apply(ScalarOp.IS_NAN, x);
    }

    public static Tensor isfinite(Tensor x) {
        return apply(ScalarOp.IS_FINITE, x);
    }

    public static Tensor logicalNot(Tensor x) {
        return apply(ScalarOp.LOGICAL_NOT, x);
    }

    public static Tensor neg(Tensor x) {
        return apply(ScalarOp.NEGATIVE, x);
    }

    public static Tensor abs(Tensor x) {
        return apply(ScalarOp.ABS, x);
    }

    public static Tensor sign(Tensor x) {
        return apply(ScalarOp.SIGN, x);
    }

    /** {@code left + right}; on bools, logical or. */
    public static Tensor add(Tensor left, Tensor right) {
        return apply(ScalarOp.ADD, left, right);
    }

    public static Tensor sub(Tensor left, Tensor right) {
        return apply(ScalarOp.SUBTRACT, left, right);
    }

    public static Tensor mul(Tensor left, Tensor right) {
        return apply(ScalarOp.MULTIPLY, left, right);
    }

    /** True division: integers give float64. */
    public static Tensor div(Tensor left, Tensor right) {
        return apply(ScalarOp.DIVIDE, left, right);
    }

    /** {@code left // right}, rounded towards minus infinity; {@code x // 0} of integers is 0. */
    public static Tensor floorDivide(Tensor left, Tensor right) {
        return apply(ScalarOp.FLOOR_DIVIDE, left, right);
    }

    /** {@code left % right}, with the sign of the divisor; {@code x % 0} of integers is 0. */
    public static Tensor mod(Tensor left, Tensor right) {
        return apply(ScalarOp.MOD, left, right);
    }

    /** {@code left ** right}. */
    public static Tensor pow(Tensor left, Tensor right) {
        return apply(ScalarOp.POWER, left, right);
    }

    /** NaN where either is. */
    public static Tensor minimum(Tensor left, Tensor right) {
        return apply(ScalarOp.MINIMUM, left, right);
    }

    /** NaN where either is. */
    public static Tensor maximum(Tensor left, Tensor right) {
        return apply(ScalarOp.MAXIMUM, left, right);
    }

    public static Tensor eq(Tensor left, Tensor right) {
        return apply(ScalarOp.EQUAL, left, right);
    }

    public static Tensor ne(Tensor left, Tensor right) {
        return apply(ScalarOp.NOT_EQUAL, left, right);
    }

    public static Tensor lt(Tensor left, Tensor right) {
        return apply(ScalarOp.LESS, left, right);
    }

    public static Tensor le(Tensor left, Tensor right) {
        return apply(ScalarOp.LESS_EQUAL, left, right);
    }

    public static Tensor gt(Tensor left, Tensor right) {
        return apply(ScalarOp.GREATER, left, right);
    }

    public static Tensor ge(Tensor left, Tensor right) {
        return apply(ScalarOp.GREATER_EQUAL, left, right);
    }

    public static Tensor logicalAnd(Tensor left, Tensor right) {
        return apply(ScalarOp.LOGICAL_AND, left, right);
    }

    public static Tensor logicalOr(Tensor left, Tensor right) {
        return apply(ScalarOp.LOGICAL_OR, left, right);
    }

    public static Tensor logicalXor(Tensor left, Tensor right) {
        return apply(ScalarOp.LOGICAL_XOR, left, right);
    }

    public static Tensor bitwiseAnd(Tensor left, Tensor right) {
        return ElementwiseWords.bitwise(ScalarOp.LOGICAL_AND, left, right);
    }

    public static Tensor bitwiseOr(Tensor left, Tensor right) {
        return ElementwiseWords.bitwise(ScalarOp.LOGICAL_OR, left, right);
    }

    public static Tensor bitwiseXor(Tensor left, Tensor right) {
        return ElementwiseWords.bitwise(ScalarOp.LOGICAL_XOR, left, right);
    }

    public static Tensor bitwiseNot(Tensor x) {
        return ElementwiseWords.bitwise(ScalarOp.LOGICAL_NOT, x);
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) {
        return apply(ScalarOp.WHERE, condition, x, y);
    }

    /** {@code minimum(maximum(x, low), high)}; a bound may be null. */
    public static Tensor clip(Tensor x, @Nullable Tensor low, @Nullable Tensor high) {
        return ElementwiseWords.clip(x, low, high);
    }

    public static Tensor cast(Tensor x, DType dtype) {
        return ElementwiseWords.cast(x, dtype);
    }

    public static Tensor sum(Tensor x, int... axes) {
        return Reduction.SUM.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor prod(Tensor x, int... axes) {
        return Reduction.PROD.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor mean(Tensor x, int... axes) {
        return Reduction.MEAN.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor max(Tensor x, int... axes) {
        return Reduction.MAX.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor min(Tensor x, int... axes) {
        return Reduction.MIN.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor any(Tensor x, int... axes) {
        return Reduction.ANY.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor all(Tensor x, int... axes) {
        return Reduction.ALL.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor argmax(Tensor x, int... axes) {
        return Reduction.ARGMAX.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor argmin(Tensor x, int... axes) {
        return Reduction.ARGMIN.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor logsumexp(Tensor x, int... axes) {
        return Reduction.LOGSUMEXP.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor norm(Tensor x, int... axes) {
        return Reduction.NORM.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor var(Tensor x, int... axes) {
        return Reduction.VAR.of(x, Axes.allIfEmpty(axes), false);
    }

    public static Tensor std(Tensor x, int... axes) {
        return Reduction.STD.of(x, Axes.allIfEmpty(axes), false);
    }

    /** Running sums of all elements in row-major order. */
    public static Tensor cumsum(Tensor x) {
        return ReductionWords.cumsum(x);
    }

    public static Tensor cumsum(Tensor x, int axis) {
        return ReductionWords.cumsum(x, axis);
    }

    public static TopElements topk(Tensor x, long k, int axis) {
        return ReductionWords.topk(x, k, axis);
    }

    /** A sum over the last axis of {@code left} and the second to last of {@code right}, or its only one. */
    public static Tensor dot(Tensor left, Tensor right) {
        return LinearAlgebra.dot(left, right);
    }

    public static Tensor matmul(Tensor left, Tensor right) {
        return LinearAlgebra.matmul(left, right);
    }

    public static Tensor outer(Tensor left, Tensor right) {
        return LinearAlgebra.outer(left, right);
    }

    /** NumPy's einsum, with repeated indices, an ellipsis and an implicit result: {@code einsum("ij,jk->ik", a, b)}. */
    public static Tensor einsum(String subscripts, Tensor... operands) {
        return Einsum.einsum(subscripts, List.of(operands));
    }

    public static Tensor transpose(Tensor x, int... axes) {
        return axes.length == 0
                ? ShapeWords.transpose(x)
                : ShapeWords.transpose(x, Arrays.stream(axes).boxed().toList());
    }

    public static Tensor dimshuffle(Tensor x, int... order) {
        return ShapeWords.dimshuffle(x, Arrays.stream(order).boxed().toList());
    }

    public static Tensor trace(Tensor x, long offset, int axis1, int axis2) {
        return LinearAlgebra.trace(x, offset, axis1, axis2);
    }

    public static Tensor diagonal(Tensor x, long offset, int axis1, int axis2) {
        return LinearAlgebra.diagonal(x, offset, axis1, axis2);
    }

    public static Tensor reshape(Tensor x, Dim... dims) {
        return ShapeWords.reshape(x, List.of(dims));
    }

    public static Tensor flatten(Tensor x) {
        return ShapeWords.flatten(x);
    }

    /** Without these axes, or without every axis of static size 1. */
    public static Tensor squeeze(Tensor x, int... axes) {
        return ShapeWords.squeeze(x, Axes.allIfEmpty(axes));
    }

    public static Tensor expandDims(Tensor x, int... axes) {
        return ShapeWords.expandDims(x, axes);
    }

    public static Tensor slice(Tensor x, Index... indices) {
        return Slicing.slice(x, List.of(indices));
    }

    public static Tensor concat(List<? extends Tensor> tensors, int axis) {
        return ShapeWords.concat(tensors, axis);
    }

    public static Tensor stack(List<? extends Tensor> tensors, int axis) {
        return ShapeWords.stack(tensors, axis);
    }

    /** The elements at positions in row-major order. */
    public static Tensor take(Tensor x, Tensor indices) {
        return ShapeWords.take(x, indices);
    }

    public static Tensor take(Tensor x, Tensor indices, int axis) {
        return ShapeWords.take(x, indices, axis);
    }

    public static Tensor pad(Tensor x, List<Long> before, List<Long> after, Tensor value) {
        return ShapeWords.pad(x, before, after, value);
    }

    public static Tensor oneHot(Tensor indices, long depth, DType dtype) {
        return ShapeWords.oneHot(indices, depth, dtype);
    }

    public static Tensor tile(Tensor x, long... repetitions) {
        return ShapeWords.tile(x, repetitions);
    }

    public static Tensor broadcastTo(Tensor x, Shape shape) {
        return ShapeWords.broadcastTo(x, shape);
    }

    public static Tensor softmax(Tensor x, int axis) {
        return NeuralWords.softmax(x, axis, false);
    }

    public static Tensor logSoftmax(Tensor x, int axis) {
        return NeuralWords.softmax(x, axis, true);
    }

    /** {@code (x - mean) / sqrt(var + eps) * gain + bias} along an axis; gain and bias may be null. */
    public static Tensor layerNorm(Tensor x, int axis, @Nullable Tensor gain, @Nullable Tensor bias, double eps) {
        return NeuralWords.layerNorm(x, axis, gain, bias, eps);
    }
}
