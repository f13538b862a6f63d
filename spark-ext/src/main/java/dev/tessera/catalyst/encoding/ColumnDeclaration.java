package dev.tessera.catalyst.encoding;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * What is known of the tensors in a column beyond its Spark type: the dtype of the values, perhaps a storage dtype, and
 * their sizes, {@link #UNKNOWN} where rows differ. Travels in the column's metadata.
 */
public record ColumnDeclaration(DType dtype, List<Long> sizes) implements Serializable {
    private static final long serialVersionUID = 1;

    /** The metadata key of the dtype's NumPy name. */
    public static final String DTYPE_KEY = "tessera.dtype";

    /** The metadata key of the sizes, an array of longs. */
    public static final String SHAPE_KEY = "tessera.shape";

    private static final Pattern TEXT = Pattern.compile("(\\w+)\\s*\\[([^\\[\\]]*)]");

    /** The size of an axis along which rows differ. */
    public static final long UNKNOWN = -1;

    public ColumnDeclaration {
        sizes = List.copyOf(sizes);
        if (sizes.size() > Shape.MAX_RANK) {
            throw new TensorTypeException("Cannot declare a column of shape %s: it has rank %d, at most %d"
                    .formatted(sizes, sizes.size(), Shape.MAX_RANK));
        }
        for (long size : sizes) {
            if (size < 0 && size != UNKNOWN) {
                throw new TensorTypeException(
                        "Cannot declare a column of shape %s: a size is negative".formatted(sizes));
            }
        }
    }

    /** The declaration of a column of values of {@code type}; symbolic dims are unknown to other expressions. */
    public static ColumnDeclaration of(TensorType type) {
        return new ColumnDeclaration(
                type.dtype(),
                type.shape().dims().stream()
                        .map(dim -> dim.isKnown() ? dim.size() : UNKNOWN)
                        .toList());
    }

    /**
     * What {@code metadata} declares, if anything.
     *
     * @throws TensorTypeException if its entries under the two keys are no declaration
     */
    public static Optional<ColumnDeclaration> of(Metadata metadata) {
        if (!metadata.contains(DTYPE_KEY) || !metadata.contains(SHAPE_KEY)) {
            return Optional.empty();
        }
        try {
            long[] sizes = metadata.getLongArray(SHAPE_KEY);
            DType dtype = DType.ofNumpyName(metadata.getString(DTYPE_KEY));
            return Optional.of(
                    new ColumnDeclaration(dtype, Arrays.stream(sizes).boxed().toList()));
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new TensorTypeException("Cannot read the tensor metadata %s of a column: %s; declare it again"
                    .formatted(metadata.json(), e.getMessage()));
        }
    }

    /** The declaration that {@code text} writes, such as {@code uint8[28, 28]}, with {@code ?} for an unknown size. */
    public static ColumnDeclaration parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new TensorTypeException(
                    "Cannot read '%s' as a dtype and shape: write it as in uint8[28, 28] or float32[?]"
                            .formatted(text));
        }
        try {
            List<Long> sizes = new ArrayList<>();
            for (String size : matcher.group(2).isBlank()
                    ? new String[0]
                    : matcher.group(2).split(",", -1)) {
                sizes.add(size.strip().equals("?") ? UNKNOWN : Long.parseUnsignedLong(size.strip()));
            }
            return new ColumnDeclaration(DType.ofNumpyName(matcher.group(1)), sizes);
        } catch (IllegalArgumentException e) {
            throw new TensorTypeException("Cannot read '%s' as a dtype and shape: %s".formatted(text, e.getMessage()));
        }
    }

    /** The size of each axis of {@code type}, where that leaves it open the declared one, else {@link #UNKNOWN}. */
    static long[] knownSizes(TensorType type, List<Long> declared) {
        long[] sizes = new long[type.rank()];
        for (int axis = 0; axis < sizes.length; axis++) {
            Dim dim = type.shape().dim(axis);
            long otherwise = declared.isEmpty() ? UNKNOWN : declared.get(axis);
            sizes[axis] = dim.isKnown() ? dim.size() : otherwise;
        }
        return sizes;
    }

    /** {@code metadata} with this declaration in it. */
    public Metadata addTo(Metadata metadata) {
        return new MetadataBuilder()
                .withMetadata(metadata)
                .putString(DTYPE_KEY, dtype.numpyName())
                .putLongArray(
                        SHAPE_KEY, sizes.stream().mapToLong(Long::longValue).toArray())
                .build();
    }

    @Override
    public String toString() {
        return dtype + sizes.toString().replace(Long.toString(UNKNOWN), "?");
    }
}
