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
import org.jspecify.annotations.Nullable;

/**
 * One pass of local rules over a graph, inputs first: each application is rebuilt on what its inputs became, and what a
 * rule makes of it is itself looked at again. Iterative, because depth is user input. Used once, by one thread.
 */
final class LocalRewriting {
    private final List<LocalRewrite> rules;
    private final Graph graph;
    private final Surroundings surroundings;
    private final Map<Tensor, Tensor> resolved = new HashMap<>();
    private final Map<Tensor, Tensor> replacements = new HashMap<>();
    private long rewritesLeft;

    /** A pass in which rules apply at most {@code mostRewrites} times. */
    LocalRewriting(List<LocalRewrite> rules, Graph graph, long mostRewrites) {
        this.rules = rules;
        this.graph = graph;
        this.surroundings = Surroundings.of(graph);
        this.rewritesLeft = mostRewrites;
    }

    /** The graph after the pass; the same one if no rule applied. */
    Graph rewritten() {
        List<Graph.Output> outputs = new ArrayList<>();
        for (Graph.Output output : graph.outputs()) {
            outputs.add(new Graph.Output(output.name(), resolve(output.value())));
        }
        return new Graph(graph.variables(), graph.parameters(), outputs);
    }

    /** How often rules may yet apply. */
    long rewritesLeft() {
        return rewritesLeft;
    }

    private Tensor resolve(Tensor root) {
        Deque<Tensor> stack = new ArrayDeque<>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Tensor value = stack.element();
            Tensor replacement = replacements.get(value);
            if (resolved.containsKey(value)) {
                stack.remove();
            } else if (replacement != null) {
                if (isResolved(replacement, stack)) {
                    Tensor end = resolved(replacement);
                    surroundings.inherit(end, value);
                    resolved.put(value, end);
                    stack.remove();
                }
            } else if (value instanceof Result result) {
                boolean isReady = true;
                for (Tensor input : result.owner().inputs()) {
                    isReady &= isResolved(input, stack);
                }
                if (isReady) {
                    visit(result.owner());
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

    private void visit(Apply apply) {
        List<Tensor> inputs = new ArrayList<>(apply.inputs().size());
        boolean isSame = true;
        for (Tensor input : apply.inputs()) {
            Tensor now = resolved(input);
            isSame &= now == input;
            inputs.add(now);
        }
        Apply rebuilt = isSame ? apply : Apply.of(apply.op(), inputs);
        surroundings.add(rebuilt);
        for (int i = 0; i < apply.outputs().size(); i++) {
            surroundings.inherit(rebuilt.outputs().get(i), apply.outputs().get(i));
        }
        Tensor replacement = apply.outputs().size() == 1 ? firstRewrite(rebuilt) : null;
        if (replacement != null) {
            replacements.put(apply.output(), replacement);
            return;
        }
        for (int i = 0; i < apply.outputs().size(); i++) {
            Tensor output = rebuilt.outputs().get(i);
            resolved.put(output, output);
            resolved.put(apply.outputs().get(i), output);
        }
    }

    private @Nullable Tensor firstRewrite(Apply apply) {
        if (rewritesLeft == 0) {
            return null;
        }
        for (LocalRewrite rule : rules) {
            Tensor replacement = rule.rewrite(apply, surroundings);
            if (replacement != null) {
                if (!replacement.type().equals(apply.output().type())) {
                    throw new IllegalStateException("%s turned %s of %s into %s"
                            .formatted(rule.name(), apply, apply.output().type(), replacement.type()));
                }
                rewritesLeft--;
                return replacement;
            }
        }
        return null;
    }
}
