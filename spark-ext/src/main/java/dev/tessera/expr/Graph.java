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
