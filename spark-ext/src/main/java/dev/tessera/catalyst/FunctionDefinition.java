package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.OutputFormat;
import dev.tessera.compile.CompileOptions;
import dev.tessera.expr.Graph;
import dev.tessera.tensor.HostTensor;
import java.util.Map;
import java.util.stream.Collectors;

/** What a function is, before it is compiled: its graph, its options, the form of its outputs and its bound parameters. */
public record FunctionDefinition(
        Graph graph, CompileOptions options, OutputFormat format, Map<String, HostTensor> parameters) {
    private static final int MAX_EXPRESSION_LENGTH = 200;

    public FunctionDefinition {
        parameters = Map.copyOf(parameters);
    }

    public FunctionDefinition withParameters(Map<String, HostTensor> bound) {
        return new FunctionDefinition(graph, options, format, bound);
    }

    public FunctionDefinition withFormat(OutputFormat wanted) {
        return new FunctionDefinition(graph, options, wanted, parameters);
    }

    /** The outputs as text, for messages and query plans: shortened if it is long. */
    public String expression() {
        String text = graph.outputs().stream()
                .map(output -> output.value().toString())
                .collect(Collectors.joining(", "));
        return text.length() <= MAX_EXPRESSION_LENGTH ? text : text.substring(0, MAX_EXPRESSION_LENGTH - 1) + "…";
    }
}
