package dev.tessera;

import dev.tessera.catalyst.FunctionDefinition;
import dev.tessera.catalyst.FunctionSerializer;
import dev.tessera.catalyst.ParameterTypes;
import dev.tessera.catalyst.TensorCallBuilder;
import dev.tessera.catalyst.encoding.ColumnDeclaration;
import dev.tessera.catalyst.encoding.OutputFormat;
import dev.tessera.compile.CompileOptions;
import dev.tessera.compile.CompiledGraph;
import dev.tessera.compile.PlanCompiler;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.report.Explanation;
import dev.tessera.report.GraphSvg;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import dev.tessera.text.GraphSerializer;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A compiled tensor expression: one row's outputs from one row's inputs. Applied to columns of a DataFrame, or run here
 * without Spark. Immutable and thread-safe.
 */
public final class TensorFunction implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String SINGLE_OUTPUT = "result";

    private final transient FunctionDefinition definition;
    private final transient CompiledGraph compiled;
    private transient volatile byte @Nullable [] serialized;

    private TensorFunction(FunctionDefinition definition, CompiledGraph compiled) {
        this.definition = definition;
        this.compiled = compiled;
    }

    /**
     * Compiles an expression, its variables and parameters in this order; of none, in the order in which they are first
     * needed.
     *
     * @throws dev.tessera.expr.TensorTypeException if the output needs an input that is not listed, or not one that is
     */
    public static TensorFunction compile(Tensor output, Tensor... inputs) {
        return compile(CompileOptions.DEFAULT, output, inputs);
    }

    /** As {@link #compile(Tensor, Tensor...)}, with options. */
    public static TensorFunction compile(CompileOptions options, Tensor output, Tensor... inputs) {
        Graph.Output named = new Graph.Output(SINGLE_OUTPUT, output);
        Graph graph = inputs.length == 0 ? Graph.of(named) : Graph.of(List.of(inputs), List.of(named));
        return compile(graph, options);
    }

    /** Compiles a graph; several outputs come back as a struct with their names. */
    public static TensorFunction compile(Graph graph) {
        return compile(graph, CompileOptions.DEFAULT);
    }

    public static TensorFunction compile(Graph graph, CompileOptions options) {
        FunctionDefinition definition = new FunctionDefinition(graph, options, OutputFormat.LIKE_INPUT, Map.of());
        return new TensorFunction(definition, PlanCompiler.compile(graph));
    }

    /** Reads a function that {@link #save} wrote, and compiles it. */
    public static TensorFunction load(Path path) throws IOException {
        return load(path, CompileOptions.DEFAULT);
    }

    public static TensorFunction load(Path path, CompileOptions options) throws IOException {
        return compile(GraphSerializer.read(Files.readAllBytes(path)), options);
    }

    /** Writes the graph with its constants; bound parameters are not part of it. */
    public void save(Path path) throws IOException {
        Files.write(path, GraphSerializer.write(graph()));
    }

    /**
     * The same plan with a parameter bound.
     *
     * @throws IllegalArgumentException if there is no such parameter, or the value has another dtype or shape
     */
    public TensorFunction with(String parameter, HostTensor value) {
        Parameter declared = graph().parameters().stream()
                .filter(candidate -> candidate.name().equals(parameter))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Cannot bind parameter '%s': the function has %s".formatted(parameter, parameterNames())));
        if (!ParameterTypes.accepts(declared.type(), value)) {
            throw new IllegalArgumentException(
                    "Cannot bind parameter '%s' to %s: it is declared %s".formatted(parameter, value, declared.type()));
        }
        Map<String, HostTensor> bound = new HashMap<>(definition.parameters());
        bound.put(parameter, value);
        return new TensorFunction(definition.withParameters(bound), compiled);
    }

    /**
     * The same plan, its outputs in the form of this name, {@code "vector"}.
     *
     * @throws IllegalArgumentException if there is no such form; the message lists them
     */
    public TensorFunction as(String format) {
        return as(OutputFormat.ofName(format));
    }

    /** The same plan, its outputs in this form. */
    public TensorFunction as(OutputFormat format) {
        return new TensorFunction(definition.withFormat(format), compiled);
    }

    /**
     * The column of results for columns in the order of {@link #variables()}: null where one of them is null; a struct
     * if there are several outputs.
     *
     * @throws IllegalArgumentException if the number of columns is not that of the variables, or a parameter is unbound
     * @throws IllegalStateException if the active session has no Tessera; the message says what to add
     */
    public Column apply(Column... columns) {
        if (columns.length != graph().variables().size()) {
            throw new IllegalArgumentException("Cannot apply %s to %d columns: it has the variables %s"
                    .formatted(this, columns.length, variables()));
        }
        requireParameters();
        Tessera.requireActive();
        Column[] arguments = new Column[columns.length + 1];
        // Within an array: Spark writes the bytes themselves out in the text of a column or plan, megabytes of them.
        arguments[0] = functions.lit(new byte[][] {serialized()});
        System.arraycopy(columns, 0, arguments, 1, columns.length);
        Column call = functions.call_function(TensorCallBuilder.FUNCTION_NAME, arguments);
        if (graph().outputs().size() > 1) {
            return call;
        }
        Graph.Output output = graph().outputs().get(0);
        TensorType type = output.value().type();
        return type.rank() == 0
                ? call.as(output.name())
                : call.as(output.name(), ColumnDeclaration.of(type).addTo(Metadata.empty()));
    }

    /**
     * Evaluates one row in this JVM, without Spark: a tensor for each variable, in order, gives one for each output.
     *
     * @throws IllegalArgumentException if a tensor has another dtype or shape than its variable, or a parameter is unbound
     */
    public List<HostTensor> run(HostTensor... inputs) {
        requireParameters();
        return new LocalRun(compiled, definition.parameters()).one(List.of(inputs));
    }

    /** As {@link #run}, for many rows of one shape: every tensor is [rows, ...]. */
    public List<HostTensor> runBatch(HostTensor... inputs) {
        requireParameters();
        return new LocalRun(compiled, definition.parameters()).batch(List.of(inputs));
    }

    FunctionDefinition definition() {
        return definition;
    }

    void requireParameters() {
        for (String name : parameterNames()) {
            if (!definition.parameters().containsKey(name)) {
                throw new IllegalArgumentException(
                        "Cannot run %s: parameter '%s' is unbound; bind it with f.with(\"%s\", tensor)"
                                .formatted(this, name, name));
            }
        }
    }

    /** The graph before and after rewriting, and the plan, as text. */
    public String explain() {
        return Explanation.of(compiled.source(), compiled.rewritten(), compiled.plan());
    }

    /** A drawing of the graph as it was written, as a self-contained SVG document. */
    public String svg() {
        return GraphSvg.of(compiled.source());
    }

    /** A drawing of the graph as it runs, after all rewrites, as a self-contained SVG document. */
    public String compiledSvg() {
        return GraphSvg.of(compiled.rewritten());
    }

    public Graph graph() {
        return compiled.source();
    }

    public ExecutionPlan plan() {
        return compiled.plan();
    }

    /** The names of the columns that {@link #apply} takes, in order. */
    public List<String> variables() {
        List<String> names = new ArrayList<>();
        graph().variables().forEach(variable -> names.add(variable.name()));
        return names;
    }

    private List<String> parameterNames() {
        List<String> names = new ArrayList<>();
        graph().parameters().forEach(parameter -> names.add(parameter.name()));
        return names;
    }

    private byte[] serialized() {
        byte[] bytes = serialized;
        if (bytes == null) {
            bytes = FunctionSerializer.write(definition);
            serialized = bytes;
        }
        return bytes;
    }

    private Object writeReplace() {
        return new Serialized(serialized());
    }

    /** What Java serialization writes: the graph, compiled again where it is read. */
    private static final class Serialized implements Serializable {
        private static final long serialVersionUID = 1;

        private final byte[] bytes;

        Serialized(byte[] bytes) {
            this.bytes = bytes;
        }

        private Object readResolve() {
            FunctionDefinition definition = FunctionSerializer.read(bytes);
            return new TensorFunction(definition, PlanCompiler.compile(definition.graph()));
        }
    }

    @Override
    public String toString() {
        return definition.expression();
    }
}
