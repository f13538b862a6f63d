package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.CallFunction;
import dev.tessera.catalyst.FunctionDefinition;
import dev.tessera.catalyst.RefusedCall;
import dev.tessera.catalyst.ScalaInterop;
import dev.tessera.catalyst.TensorCall;
import dev.tessera.catalyst.TensorCallBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.types.Metadata;
import scala.Some;

/**
 * A function that SQL calls by a name. Where it returns tensors, it returns an alias that carries dtype and shape in its
 * metadata: an alias or a column over it takes that on, and where Spark wants no alias its analyzer takes this one away.
 */
abstract class NamedCall extends CallFunction {
    private final String name;

    NamedCall(String name) {
        this.name = name;
    }

    final String name() {
        return name;
    }

    /** One line for {@code DESCRIBE FUNCTION}, with {@code _FUNC_} for the name. */
    abstract String usage();

    /**
     * The call for some resolved arguments.
     *
     * @throws IllegalArgumentException if there is none; the message tells the user why
     */
    abstract Expression call(List<Expression> arguments);

    @Override
    protected final Expression build(List<Expression> arguments) {
        try {
            return call(arguments);
        } catch (IllegalArgumentException e) {
            return RefusedCall.of(name, String.valueOf(e.getMessage()), arguments);
        }
    }

    /**
     * A call of a tensor function. Only one that returns a tensor needs an alias for its metadata: a scalar is left as it
     * is, so that Spark finds the same expression in GROUP BY, HAVING and ORDER BY again.
     */
    final Expression call(TensorCallBuilder calls, FunctionDefinition definition, List<Expression> columns) {
        TensorCall call = calls.call(definition, name, columns);
        return call.metadata().equals(Metadata.empty())
                ? call
                : alias(call, columns.isEmpty() ? call.sql() : textOf(columns), call.metadata());
    }

    /** {@code value} under a name, with metadata. */
    static Alias alias(Expression value, String name, Metadata metadata) {
        return new Alias(
                value,
                name,
                NamedExpression.newExprId(),
                ScalaInterop.seq(List.of()),
                new Some<>(metadata),
                ScalaInterop.seq(List.of()));
    }

    /** The call as SQL writes it, which is what Spark names a column without an alias. */
    private String textOf(List<Expression> arguments) {
        return arguments.stream().map(NamedCall::nameOf).collect(Collectors.joining(", ", name + "(", ")"));
    }

    /** The name of a column in messages: its own, else its SQL. */
    static String nameOf(Expression column) {
        return column instanceof NamedExpression named ? named.name() : column.sql();
    }
}
