package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.FunctionDefinition;
import dev.tessera.catalyst.TensorCallBuilder;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** A function under a name of its own, called with the columns in the order of its variables. */
final class DefinedFunction extends NamedCall {
    private final TensorCallBuilder calls;
    private final Supplier<FunctionDefinition> definition;

    /** {@code definition} throws IllegalArgumentException, its message for the user, if there is none. */
    DefinedFunction(String name, TensorCallBuilder calls, Supplier<FunctionDefinition> definition) {
        super(name);
        this.calls = calls;
        this.definition = definition;
    }

    @Override
    String usage() {
        return "_FUNC_(columns...) - Evaluates a compiled tensor function.";
    }

    @Override
    Expression call(List<Expression> arguments) {
        return call(calls, definition.get(), arguments);
    }
}
