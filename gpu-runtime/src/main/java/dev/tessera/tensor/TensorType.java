package dev.tessera.tensor;

/** The dtype and shape of a value, for one row. */
public record TensorType(DType dtype, Shape shape) {
    public static TensorType of(DType dtype, long... sizes) {
        return new TensorType(dtype, Shape.of(sizes));
    }

    public static TensorType scalar(DType dtype) {
        return new TensorType(dtype, Shape.SCALAR);
    }

    public int rank() {
        return shape.rank();
    }

    /** The size of one value in bytes, as an expression of the dims. */
    public Dim sizeInBytes() {
        return shape.elementCount().times(dtype.widthInBytes());
    }

    @Override
    public String toString() {
        return dtype.numpyName() + shape;
    }
}
