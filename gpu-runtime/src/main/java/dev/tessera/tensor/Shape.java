package dev.tessera.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The sizes of a tensor along its axes, each known or symbolic. The row axis of a batch is never part of a shape. */
public record Shape(List<Dim> dims) {
    /** The highest rank of a value in an expression. */
    public static final int MAX_RANK = 6;

    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        dims = List.copyOf(dims);
    }

    public static Shape of(long... sizes) {
        return new Shape(Arrays.stream(sizes).mapToObj(Dim::of).toList());
    }

    public static Shape of(Dim... dims) {
        return new Shape(List.of(dims));
    }

    public int rank() {
        return dims.size();
    }

    public Dim dim(int axis) {
        return dims.get(axis);
    }

    public boolean isKnown() {
        return dims.stream().allMatch(Dim::isKnown);
    }

    /** The number of elements, as an expression of the dims. */
    public Dim elementCount() {
        return product(dims);
    }

    /** The product of some dims; 1 of none. */
    public static Dim product(List<Dim> dims) {
        Dim product = Dim.ONE;
        for (Dim dim : dims) {
            product = product.times(dim);
        }
        return product;
    }

    /**
     * The sizes as numbers.
     *
     * @throws IllegalStateException if one is not known
     */
    public long[] sizes() {
        return dims.stream().mapToLong(Dim::size).toArray();
    }

    public long[] sizes(DimBinding binding) {
        return dims.stream().mapToLong(dim -> dim.evaluate(binding)).toArray();
    }

    /** The strides, in elements, of a contiguous row-major tensor of this shape. */
    public List<Dim> rowMajorStrides() {
        List<Dim> strides = new ArrayList<>();
        Dim stride = Dim.ONE;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            strides.add(0, stride);
            stride = stride.times(dims.get(axis));
        }
        return strides;
    }

    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
