package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Values to be replaced by others of the same type. A replacement may be built of values that are replaced themselves.
 * Used by one thread.
 */
public final class Substitution {
    private final Map<Tensor, Tensor> replacements = new HashMap<>();
    private final Map<Tensor, Tensor> resolved = new HashMap<>();

    /** Replaces {@code value}; what replaces it must not be computed from it. */
    public void replace(Tensor value, Tensor replacement) {
        replacements.put(value, replacement);
    }

    public boolean isEmpty() {
        return replacements.isEmpty();
    }

    /** The graph with all replacements made. */
    public Graph applyTo(Graph graph) {
        List<Graph.Output> outputs = new ArrayList<>();
        for (Graph.Output output : graph.outputs()) {
            outputs.add(new Graph.Output(output.name(), resolve(output.value())));
        }
        return new Graph(graph.variables(), graph.parameters(), outputs);
    }

    /** Iterative, because depth is user input. */
    private Tensor resolve(Tensor root) {
        Deque<Tensor> stack = new ArrayDeque<>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Tensor value = stack.element();
            int before = stack.size();
            Tensor replacement = replacements.get(value);
            if (resolved.containsKey(value)) {
                stack.remove();
            } else if (replacement != null) {
                if (isResolved(replacement, stack)) {
                    resolved.put(value, resolved(replacement));
                    stack.remove();
                }
            } else if (value instanceof Result result) {
                result.owner().inputs().forEach(input -> isResolved(input, stack));
                if (stack.size() == before) {
                    rebuild(result.owner());
                    stack.remove();
                }
            } else {
                resolved.put(value, value);
                stack.remove();
            }
        }
        return resolved(root);
    }

    private boolean isResolved(Tensor value, Deque<Tensor> stack) {
        boolean isResolved = resolved.containsKey(value);
        if (!isResolved) {
            stack.push(value);
        }
        return isResolved;
    }

    private Tensor resolved(Tensor value) {
        Tensor result = resolved.get(value);
        if (result == null) {
            throw new IllegalStateException("A replacement of " + value + " is computed from it");
        }
        return result;
    }

    /** Applies the op to the resolved inputs. Outputs with a replacement of their own keep that. */
    private void rebuild(Apply apply) {
        List<Tensor> inputs = apply.inputs().stream().map(this::resolved).toList();
        boolean isSame = true;
        for (int i = 0; i < inputs.size(); i++) {
            isSame &= inputs.get(i) == apply.inputs().get(i);
        }
        Apply rebuilt = isSame ? apply : Apply.of(apply.op(), inputs);
        for (int i = 0; i < apply.outputs().size(); i++) {
            if (!replacements.containsKey(apply.outputs().get(i))) {
                resolved.put(apply.outputs().get(i), rebuilt.outputs().get(i));
            }
        }
    }
}
