package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.ColumnSource;
import dev.tessera.catalyst.encoding.OutputFormat;
import dev.tessera.expr.TensorTypeException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * What a call calls, and what was known of its columns when the query was analyzed: Spark's optimizer drops metadata that
 * the encodings depend on, so they are fixed before it runs. Equal when function, column types and declarations are.
 */
final class CallTarget implements Serializable {
    private static final long serialVersionUID = 1;

    private final FunctionHandle function;
    private final @Nullable String name;
    private final OutputFormat format;
    private final List<ColumnSource> columns;
    private final DataType dataType;
    private final Metadata metadata;
    private final @Nullable String error;
    private transient @Nullable CallTypes types;

    private CallTarget(
            FunctionHandle function,
            @Nullable String name,
            List<ColumnSource> columns,
            @Nullable CallTypes types,
            @Nullable String error) {
        this.function = function;
        this.name = name;
        this.format = function.compiled().definition().format();
        // Not List.of: Kryo 4 cannot write it.
        this.columns = new ArrayList<>(columns);
        this.types = types;
        this.error = error;
        this.dataType = types == null ? DataTypes.NullType : types.dataType();
        this.metadata = types == null ? Metadata.empty() : types.metadata();
    }

    /**
     * Matches a function and some columns; where they do not match, the target carries the error for Spark's analyzer.
     *
     * @param name what SQL calls the function; null if it is nameless
     */
    static CallTarget of(CompiledFunction function, @Nullable String name, List<ColumnSource> columns) {
        FunctionHandle handle = new FunctionHandle(function);
        OutputFormat format = function.definition().format();
        try {
            CallTypes types = CallTypes.of(function.compiled().plan(), columns, format, handle.allowInputDowncast());
            return new CallTarget(handle, name, columns, types, null);
        } catch (TensorTypeException e) {
            return new CallTarget(handle, name, columns, null, e.getMessage());
        }
    }

    FunctionHandle function() {
        return function;
    }

    /** What SQL calls the function, for column names; null if it is nameless. */
    @Nullable
    String name() {
        return name;
    }

    List<ColumnSource> columns() {
        return columns;
    }

    DataType dataType() {
        return dataType;
    }

    Metadata metadata() {
        return metadata;
    }

    /** Why the call cannot be made, or null. */
    @Nullable
    String error() {
        return error;
    }

    CallTypes types() {
        CallTypes current = types;
        if (current == null) {
            current = CallTypes.of(function.taskSpec().plan(), columns, format, function.allowInputDowncast());
            types = current;
        }
        return current;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof CallTarget target)
                || !target.function.equals(function)
                || target.columns.size() != columns.size()) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (!isAlike(columns.get(i), target.columns.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Names, the function's too, are for messages only: a renamed column is read alike. */
    private static boolean isAlike(ColumnSource left, ColumnSource right) {
        return left.dataType().equals(right.dataType()) && Objects.equals(left.declaration(), right.declaration());
    }

    @Override
    public int hashCode() {
        return function.hashCode();
    }

    @Override
    public String toString() {
        return function.toString();
    }
}
