package dev.tessera.catalyst.encoding;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** A column that an expression reads: its name for messages, its Spark type, and what its metadata declares, if anything. */
public record ColumnSource(
        String name, DataType dataType, @Nullable ColumnDeclaration declaration) implements Serializable {
    private static final long serialVersionUID = 1;

    /** The declared sizes; empty if none are declared, or for a scalar. */
    List<Long> declaredSizes() {
        return declaration == null ? List.of() : declaration.sizes();
    }

    @Override
    public String toString() {
        String declared = declaration == null ? "" : " (declared " + declaration + ")";
        return name + " " + dataType.catalogString() + declared;
    }
}
