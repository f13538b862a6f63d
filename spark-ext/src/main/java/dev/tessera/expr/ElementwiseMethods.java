package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import org.jspecify.annotations.Nullable;

/** The scalar functions as methods of a tensor; a Java number is a weak constant, as a Python number is in NumPy. */
public sealed interface ElementwiseMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor exp() {
        return Tensors.apply(ScalarOp.EXP, self());
    }

    default Tensor expm1() {
        return Tensors.apply(ScalarOp.EXPM1, self());
    }

    default Tensor log() {
        return Tensors.apply(ScalarOp.LOG, self());
    }

    default Tensor log1p() {
        return Tensors.apply(ScalarOp.LOG1P, self());
    }

    default Tensor log2() {
        return Tensors.apply(ScalarOp.LOG2, self());
    }

    default Tensor sqrt() {
        return Tensors.apply(ScalarOp.SQRT, self());
    }

    default Tensor rsqrt() {
        return Tensors.apply(ScalarOp.RSQRT, self());
    }

    default Tensor square() {
        return Tensors.apply(ScalarOp.SQUARE, self());
    }

    default Tensor reciprocal() {
        return Tensors.apply(ScalarOp.RECIPROCAL, self());
    }

    default Tensor sin() {
        return Tensors.apply(ScalarOp.SIN, self());
    }

    default Tensor cos() {
        return Tensors.apply(ScalarOp.COS, self());
    }

    default Tensor tan() {
        return Tensors.apply(ScalarOp.TAN, self());
    }

    default Tensor tanh() {
        return Tensors.apply(ScalarOp.TANH, self());
    }

    default Tensor sigmoid() {
        return Tensors.apply(ScalarOp.SIGMOID, self());
    }

    default Tensor softplus() {
        return Tensors.apply(ScalarOp.SOFTPLUS, self());
    }

    default Tensor relu() {
        return Tensors.apply(ScalarOp.RELU, self());
    }

    default Tensor gelu() {
        return Tensors.apply(ScalarOp.GELU, self());
    }

    default Tensor erf() {
        return Tensors.apply(ScalarOp.ERF, self());
    }

    default Tensor floor() {
        return Tensors.apply(ScalarOp.FLOOR, self());
    }

    default Tensor ceil() {
        return Tensors.apply(ScalarOp.CEIL, self());
    }

    default Tensor round() {
        return Tensors.apply(ScalarOp.ROUND, self());
    }

    default Tensor isnan() {
        return Tensors.apply(ScalarOp.IS_NAN, self());
    }

    default Tensor isfinite() {
        return Tensors.apply(ScalarOp.IS_FINITE, self());
    }

    default Tensor logicalNot() {
        return Tensors.apply(ScalarOp.LOGICAL_NOT, self());
    }

    default Tensor neg() {
        return Tensors.apply(ScalarOp.NEGATIVE, self());
    }

    default Tensor abs() {
        return Tensors.apply(ScalarOp.ABS, self());
    }

    default Tensor sign() {
        return Tensors.apply(ScalarOp.SIGN, self());
    }

    default Tensor add(Tensor other) {
        return Tensors.apply(ScalarOp.ADD, self(), other);
    }

    default Tensor add(double other) {
        return add(Tensors.weak(other));
    }

    default Tensor add(long other) {
        return add(Tensors.weak(other));
    }

    default Tensor sub(Tensor other) {
        return Tensors.apply(ScalarOp.SUBTRACT, self(), other);
    }

    default Tensor sub(double other) {
        return sub(Tensors.weak(other));
    }

    default Tensor sub(long other) {
        return sub(Tensors.weak(other));
    }

    default Tensor mul(Tensor other) {
        return Tensors.apply(ScalarOp.MULTIPLY, self(), other);
    }

    default Tensor mul(double other) {
        return mul(Tensors.weak(other));
    }

    default Tensor mul(long other) {
        return mul(Tensors.weak(other));
    }

    default Tensor div(Tensor other) {
        return Tensors.apply(ScalarOp.DIVIDE, self(), other);
    }

    default Tensor div(double other) {
        return div(Tensors.weak(other));
    }

    default Tensor div(long other) {
        return div(Tensors.weak(other));
    }

    default Tensor floorDivide(Tensor other) {
        return Tensors.apply(ScalarOp.FLOOR_DIVIDE, self(), other);
    }

    default Tensor floorDivide(double other) {
        return floorDivide(Tensors.weak(other));
    }

    default Tensor floorDivide(long other) {
        return floorDivide(Tensors.weak(other));
    }

    default Tensor mod(Tensor other) {
        return Tensors.apply(ScalarOp.MOD, self(), other);
    }

    default Tensor mod(double other) {
        return mod(Tensors.weak(other));
    }

    default Tensor mod(long other) {
        return mod(Tensors.weak(other));
    }

    default Tensor pow(Tensor other) {
        return Tensors.apply(ScalarOp.POWER, self(), other);
    }

    default Tensor pow(double other) {
        return pow(Tensors.weak(other));
    }

    default Tensor pow(long other) {
        return pow(Tensors.weak(other));
    }

    default Tensor minimum(Tensor other) {
        return Tensors.apply(ScalarOp.MINIMUM, self(), other);
    }

    default Tensor minimum(double other) {
        return minimum(Tensors.weak(other));
    }

    default Tensor minimum(long other) {
        return minimum(Tensors.weak(other));
    }

    default Tensor maximum(Tensor other) {
        return Tensors.apply(ScalarOp.MAXIMUM, self(), other);
    }

    default Tensor maximum(double other) {
        return maximum(Tensors.weak(other));
    }

    default Tensor maximum(long other) {
        return maximum(Tensors.weak(other));
    }

    default Tensor eq(Tensor other) {
        return Tensors.apply(ScalarOp.EQUAL, self(), other);
    }

    default Tensor eq(double other) {
        return eq(Tensors.weak(other));
    }

    default Tensor eq(long other) {
        return eq(Tensors.weak(other));
    }

    default Tensor ne(Tensor other) {
        return Tensors.apply(ScalarOp.NOT_EQUAL, self(), other);
    }

    default Tensor ne(double other) {
        return ne(Tensors.weak(other));
    }

    default Tensor ne(long other) {
        return ne(Tensors.weak(other));
    }

    default Tensor lt(Tensor other) {
        return Tensors.apply(ScalarOp.LESS, self(), other);
    }

    default Tensor lt(double other) {
        return lt(Tensors.weak(other));
    }

    default Tensor lt(long other) {
        return lt(Tensors.weak(other));
    }

    default Tensor le(Tensor other) {
        return Tensors.apply(ScalarOp.LESS_EQUAL, self(), other);
    }

    default Tensor le(double other) {
        return le(Tensors.weak(other));
    }

    default Tensor le(long other) {
        return le(Tensors.weak(other));
    }

    default Tensor gt(Tensor other) {
        return Tensors.apply(ScalarOp.GREATER, self(), other);
    }

    default Tensor gt(double other) {
        return gt(Tensors.weak(other));
    }

    default Tensor gt(long other) {
        return gt(Tensors.weak(other));
    }

    default Tensor ge(Tensor other) {
        return Tensors.apply(ScalarOp.GREATER_EQUAL, self(), other);
    }

    default Tensor ge(double other) {
        return ge(Tensors.weak(other));
    }

    default Tensor ge(long other) {
        return ge(Tensors.weak(other));
    }

    default Tensor logicalAnd(Tensor other) {
        return Tensors.apply(ScalarOp.LOGICAL_AND, self(), other);
    }

    default Tensor logicalOr(Tensor other) {
        return Tensors.apply(ScalarOp.LOGICAL_OR, self(), other);
    }

    default Tensor logicalXor(Tensor other) {
        return Tensors.apply(ScalarOp.LOGICAL_XOR, self(), other);
    }

    default Tensor clip(@Nullable Tensor low, @Nullable Tensor high) {
        return Tensors.clip(self(), low, high);
    }

    default Tensor clip(double low, double high) {
        return clip(Tensors.weak(low), Tensors.weak(high));
    }

    default Tensor clip(long low, long high) {
        return clip(Tensors.weak(low), Tensors.weak(high));
    }

    default Tensor cast(DType dtype) {
        return Tensors.cast(self(), dtype);
    }

    /** This where {@code condition} holds, {@code other} elsewhere. */
    default Tensor where(Tensor condition, Tensor other) {
        return Tensors.where(condition, self(), other);
    }
}
