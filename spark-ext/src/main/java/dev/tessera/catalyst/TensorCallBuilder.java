package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.ColumnDeclaration;
import dev.tessera.catalyst.encoding.ColumnSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * Builds calls: what Spark's analyzer finds under {@link #FUNCTION_NAME}. The first argument is a literal, the
 * bytes of a function, within an array or not; the others are its columns.
 *
 * <p>Whatever else names a function (its text, a registered name) comes down to {@link #call}, given the function's
 * definition and the resolved columns.
 */
public final class TensorCallBuilder extends CallFunction {
    /** The name under which the function is registered in sessions that have Tessera. */
    public static final String FUNCTION_NAME = "tessera_call";

    private final DriverFunctions functions;

    public TensorCallBuilder(DriverFunctions functions) {
        this.functions = functions;
    }

    /** The functions of the sessions that this builder is registered in. */
    public DriverFunctions functions() {
        return functions;
    }

    @Override
    protected Expression build(List<Expression> arguments) {
        byte[] function = arguments.isEmpty() ? null : bytes(arguments.get(0));
        if (function == null) {
            throw new IllegalArgumentException(
                    "Cannot call %s: its first argument is the bytes of a function; use TensorFunction.apply"
                            .formatted(FUNCTION_NAME));
        }
        return call(functions.resolve(function), null, arguments.subList(1, arguments.size()));
    }

    /** The bytes of a literal, alone or as the one element of an array; null if it is something else. */
    private static byte @Nullable [] bytes(Expression argument) {
        Object value = argument.foldable() ? argument.eval(null) : null;
        if (value instanceof ArrayData array
                && array.numElements() == 1
                && argument.dataType() instanceof ArrayType type
                && type.elementType() instanceof BinaryType) {
            return array.getBinary(0);
        }
        return value instanceof byte[] alone ? alone : null;
    }

    /** A call of a function, which SQL knows by a name, with resolved columns, in the order of the graph's variables. */
    public TensorCall call(FunctionDefinition definition, String name, List<Expression> columns) {
        return call(functions.resolve(FunctionSerializer.write(definition)), name, columns);
    }

    private static TensorCall call(CompiledFunction function, @Nullable String name, List<Expression> columns) {
        List<ColumnSource> sources = new ArrayList<>();
        for (Expression column : columns) {
            sources.add(sourceOf(column));
        }
        return new TensorCall(CallTarget.of(function, name, sources), ScalaInterop.seq(columns));
    }

    /** What is known of a resolved column: its name, its type, and what its metadata declares. */
    public static ColumnSource sourceOf(Expression column) {
        String name = column instanceof NamedExpression named ? named.name() : column.sql();
        return new ColumnSource(name, column.dataType(), declarationOf(column));
    }

    private static @Nullable ColumnDeclaration declarationOf(Expression column) {
        Metadata metadata = Metadata.empty();
        if (column instanceof TensorCall call) {
            metadata = call.metadata();
        } else if (column instanceof NamedExpression named) {
            metadata = named.metadata();
        } else if (column instanceof GetStructField field) {
            metadata = field.metadata();
        }
        return ColumnDeclaration.of(metadata).orElse(null);
    }
}
