package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.FunctionDefinition;
import dev.tessera.catalyst.TensorCallBuilder;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.text.ExpressionParser;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.jspecify.annotations.Nullable;

/**
 * {@code tensor_eval('relu(x @ w + b)', named_struct('x', pixels, 'w', ...))}: the fields bind the names in the text, with
 * the dtype and rank of their column, or as constants where they are literals. An optional third argument is a map of
 * options.
 */
final class TensorEvalFunction extends NamedCall {
    static final String NAME = "tensor_eval";

    private final TensorCallBuilder calls;

    TensorEvalFunction(TensorCallBuilder calls) {
        super(NAME);
        this.calls = calls;
    }

    @Override
    String usage() {
        return "_FUNC_(text, struct[, options]) - Evaluates an expression in NumPy's syntax; the fields of the struct"
                + " bind its names.";
    }

    @Override
    Expression call(List<Expression> arguments) {
        if (arguments.size() != 2 && arguments.size() != 3) {
            throw new IllegalArgumentException(
                    "Cannot evaluate an expression of %d arguments: write ".formatted(arguments.size())
                            + "tensor_eval('x + y', named_struct('x', column, 'y', column)), then perhaps a map of"
                            + " options");
        }
        String text = Literals.text(arguments.get(0), "the expression");
        CallOptions options = arguments.size() == 3 ? CallOptions.of(arguments.get(2)) : CallOptions.DEFAULT;
        FieldBindings bindings = FieldBindings.of(StructFields.of(arguments.get(1)), text);
        Graph graph = Graph.of(outputs(ExpressionParser.parse(text, bindings.tensors())));
        FunctionDefinition definition = new FunctionDefinition(graph, options.compile(), options.format(), Map.of());
        return call(calls, definition, bindings.columnsOf(graph));
    }

    private static Graph.Output[] outputs(List<Tensor> values) {
        Graph.Output[] outputs = new Graph.Output[values.size()];
        Set<String> names = new HashSet<>();
        for (int i = 0; i < outputs.length; i++) {
            String name = outputs.length == 1 ? "result" : meaning(values.get(i));
            if (name == null || !names.add(name)) {
                name = "_" + (i + 1);
            }
            outputs[i] = new Graph.Output(name, values.get(i));
        }
        return outputs;
    }

    /** What one of several outputs of an operation is called; null if it has no name of its own. */
    private static @Nullable String meaning(Tensor value) {
        if (value instanceof Result result && result.owner().op() instanceof Op.TopK) {
            return result.index() == 0 ? "values" : "indices";
        }
        return null;
    }
}
