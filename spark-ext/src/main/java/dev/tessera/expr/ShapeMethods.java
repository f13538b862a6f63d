package dev.tessera.expr;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Linear algebra, shapes and normalisation as methods of a tensor. */
public sealed interface ShapeMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor dot(Tensor other) {
        return Tensors.dot(self(), other);
    }

    default Tensor matmul(Tensor other) {
        return Tensors.matmul(self(), other);
    }

    default Tensor outer(Tensor other) {
        return Tensors.outer(self(), other);
    }

    /** With the axes in this order, or reversed if none is given. */
    default Tensor transpose(int... axes) {
        return Tensors.transpose(self(), axes);
    }

    /** Theano's dimshuffle: {@link Op.DimShuffle#NEW_AXIS} in the order adds an axis. */
    default Tensor dimshuffle(int... order) {
        return Tensors.dimshuffle(self(), order);
    }

    default Tensor trace() {
        return Tensors.trace(self(), 0, 0, 1);
    }

    default Tensor diagonal() {
        return Tensors.diagonal(self(), 0, 0, 1);
    }

    /** One size may be -1, for what is left. */
    default Tensor reshape(long... sizes) {
        return reshape(Arrays.stream(sizes).mapToObj(Dim::of).toArray(Dim[]::new));
    }

    default Tensor reshape(Dim... dims) {
        return Tensors.reshape(self(), dims);
    }

    default Tensor flatten() {
        return Tensors.flatten(self());
    }

    /** Without these axes, or without every axis of static size 1. */
    default Tensor squeeze(int... axes) {
        return Tensors.squeeze(self(), axes);
    }

    default Tensor expandDims(int... axes) {
        return Tensors.expandDims(self(), axes);
    }

    /** NumPy's {@code x[...]}. */
    default Tensor slice(Index... indices) {
        return Tensors.slice(self(), indices);
    }

    /** The elements at positions in row-major order. */
    default Tensor take(Tensor indices) {
        return Tensors.take(self(), indices);
    }

    default Tensor take(Tensor indices, int axis) {
        return Tensors.take(self(), indices, axis);
    }

    default Tensor pad(List<Long> before, List<Long> after, Tensor value) {
        return Tensors.pad(self(), before, after, value);
    }

    default Tensor oneHot(long depth, DType dtype) {
        return Tensors.oneHot(self(), depth, dtype);
    }

    default Tensor tile(long... repetitions) {
        return Tensors.tile(self(), repetitions);
    }

    default Tensor broadcastTo(Shape shape) {
        return Tensors.broadcastTo(self(), shape);
    }

    default Tensor broadcastTo(long... sizes) {
        return broadcastTo(Shape.of(sizes));
    }

    default Tensor softmax() {
        return softmax(-1);
    }

    default Tensor softmax(int axis) {
        return Tensors.softmax(self(), axis);
    }

    default Tensor logSoftmax() {
        return logSoftmax(-1);
    }

    default Tensor logSoftmax(int axis) {
        return Tensors.logSoftmax(self(), axis);
    }

    /** Over the last axis, with an epsilon of 1e-5. */
    default Tensor layerNorm() {
        return layerNorm(null, null);
    }

    /** Over the last axis, with an epsilon of 1e-5; null for no gain or no bias. */
    default Tensor layerNorm(@Nullable Tensor gain, @Nullable Tensor bias) {
        return Tensors.layerNorm(self(), -1, gain, bias, 1e-5);
    }
}
