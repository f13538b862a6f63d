package dev.tessera.expr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Named outputs, the variables and parameters they are computed from, and what lies between. Immutable. */
public record Graph(List<Variable> variables, List<Parameter> parameters, List<Output> outputs) {
    public Graph {
        variables = List.copyOf(variables);
        parameters = List.copyOf(parameters);
        outputs = List.copyOf(outputs);
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
        List<Apply> sorted = new ArrayList<>();
        Set<Apply> done = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Apply> stack = new ArrayDeque<>();
        for (Output output : outputs) {
            push(output.value(), done, stack);
            while (!stack.isEmpty()) {
                visitTop(stack, done, sorted);
            }
        }
        return sorted;
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
}
