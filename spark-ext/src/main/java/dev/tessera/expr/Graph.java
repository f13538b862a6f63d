package dev.tessera.expr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Named outputs, the variables and parameters they are computed from, and what lies between. Immutable. */
public final class Graph {
    private final List<Variable> variables;
    private final List<Parameter> parameters;
    private final List<Output> outputs;
    /** Computed when it is first asked for; threads that race to it compute the same. */
    private @Nullable List<Apply> sorted;

    public Graph(List<Variable> variables, List<Parameter> parameters, List<Output> outputs) {
        this.variables = List.copyOf(variables);
        this.parameters = List.copyOf(parameters);
        this.outputs = List.copyOf(outputs);
    }

    public List<Variable> variables() {
        return variables;
    }

    public List<Parameter> parameters() {
        return parameters;
    }

    public List<Output> outputs() {
        return outputs;
    }

    /**
     * The graph that computes some outputs, its inputs in the order in which they are first needed.
     *
     * @throws TensorTypeException if two inputs or two outputs have one name
     */
    public static Graph of(Output... outputs) {
        return NeededInputs.of(List.of(outputs)).graph();
    }

    /** The graph of one output. */
    public static Graph of(String name, Tensor value) {
        return of(new Output(name, value));
    }

    /**
     * The graph that computes some outputs from inputs in this order, each a {@link Variable} or a {@link Parameter}.
     *
     * @throws TensorTypeException if two inputs or two outputs have one name, if the outputs need an input that is not
     *     listed, or need not one that is
     */
    public static Graph of(List<? extends Tensor> inputs, List<Output> outputs) {
        return NeededInputs.of(outputs).graph(inputs);
    }

    /** A named output. */
    public record Output(String name, Tensor value) {}

    /** Every application that an output needs, each after those that compute its inputs. Iterative: depth is user input. */
    public List<Apply> toposort() {
        List<Apply> known = sorted;
        if (known == null) {
            known = List.copyOf(newlySorted());
            sorted = known;
        }
        return known;
    }

    private List<Apply> newlySorted() {
        List<Apply> applies = new ArrayList<>();
        Set<Apply> done = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Apply> stack = new ArrayDeque<>();
        for (Output output : outputs) {
            push(output.value(), done, stack);
            while (!stack.isEmpty()) {
                visitTop(stack, done, applies);
            }
        }
        return applies;
    }

    private static void visitTop(Deque<Apply> stack, Set<Apply> done, List<Apply> sorted) {
        Apply top = stack.element();
        int before = stack.size();
        if (!done.contains(top)) {
            for (int i = top.inputs().size() - 1; i >= 0; i--) {
                push(top.inputs().get(i), done, stack);
            }
        }
        if (stack.size() == before) {
            stack.remove();
            if (done.add(top)) {
                sorted.add(top);
            }
        }
    }

    private static void push(Tensor value, Set<Apply> done, Deque<Apply> stack) {
        Apply owner = value.owner();
        if (owner != null && !done.contains(owner)) {
            stack.push(owner);
        }
    }

    /** Whether the inputs and outputs are the same ones, under the same names. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Graph that
                && variables.equals(that.variables)
                && parameters.equals(that.parameters)
                && outputs.equals(that.outputs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(variables, parameters, outputs);
    }

    @Override
    public String toString() {
        return "Graph[variables=%s, parameters=%s, outputs=%s]".formatted(variables, parameters, outputs);
    }
}
