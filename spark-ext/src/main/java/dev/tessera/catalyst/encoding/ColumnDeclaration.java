package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.TensorType;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    /** The size of an axis along which rows differ. */
    public static final long UNKNOWN = -1;

    public ColumnDeclaration {
        sizes = List.copyOf(sizes);
    }

    /** The declaration of a column of values of {@code type}; symbolic dims are unknown to other expressions. */
    public static ColumnDeclaration of(TensorType type) {
        return new ColumnDeclaration(
                type.dtype(),
                type.shape().dims().stream()
                        .map(dim -> dim.isKnown() ? dim.size() : UNKNOWN)
                        .toList());
    }

    /** What {@code metadata} declares, if anything. */
    public static Optional<ColumnDeclaration> of(Metadata metadata) {
        if (!metadata.contains(DTYPE_KEY) || !metadata.contains(SHAPE_KEY)) {
            return Optional.empty();
        }
        List<Long> sizes =
                Arrays.stream(metadata.getLongArray(SHAPE_KEY)).boxed().toList();
        return Optional.of(new ColumnDeclaration(DType.ofNumpyName(metadata.getString(DTYPE_KEY)), sizes));
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
