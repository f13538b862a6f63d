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
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One pass of local rules over a graph, inputs first: each application is rebuilt on what its inputs became, and what a
 * rule makes of it is itself looked at again. Iterative, because depth is user input. Used once, by one thread.
 */
final class LocalRewriting {
    private final List<LocalRewrite> rules;
    private final Graph graph;
    private final Set<Apply> settled;
    private final Surroundings surroundings;
    private final Map<Tensor, Tensor> resolved = new HashMap<>();
    private final Map<Tensor, Tensor> replacements = new HashMap<>();
    private final Set<String> applied = new TreeSet<>();
    private long rewritesLeft;

    /**
     * A pass in which rules apply at most {@code mostRewrites} times.
     *
     * @param settled the applications that no rule applies to, whatever else reads their inputs; those found are added
     */
    LocalRewriting(List<LocalRewrite> rules, Graph graph, Set<Apply> settled, long mostRewrites) {
        this.rules = rules;
        this.graph = graph;
        this.settled = settled;
        this.surroundings = Surroundings.of(graph);
        this.rewritesLeft = mostRewrites;
    }

    /** The graph after the pass; the same one if no rule applied. */
    Graph rewritten() {
        for (Apply apply : graph.toposort()) {
            visit(apply);
            for (Result output : apply.outputs()) {
                if (replacements.containsKey(output)) {
                    resolve(output);
                }
            }
        }
        if (applied.isEmpty()) {
            return graph;
        }
        List<Graph.Output> outputs = new ArrayList<>();
        for (Graph.Output output : graph.outputs()) {
            outputs.add(new Graph.Output(output.name(), resolved(output.value())));
        }
        return new Graph(graph.variables(), graph.parameters(), outputs);
    }

    /** How often rules may yet apply. */
    long rewritesLeft() {
        return rewritesLeft;
    }

    /** The names of the rules that applied. */
    Set<String> applied() {
        return applied;
    }

    private void resolve(Tensor root) {
        Deque<Tensor> stack = new ArrayDeque<>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Tensor value = stack.element();
            Tensor replacement = replacements.get(value);
            if (isResolved(value)) {
                stack.remove();
            } else if (replacement != null) {
                if (isResolvedOrPushed(replacement, stack)) {
                    Tensor end = resolved(replacement);
                    surroundings.inherit(end, value);
                    resolved.put(value, end);
                    stack.remove();
                }
            } else if (value instanceof Result result) {
                boolean isReady = true;
                for (Tensor input : result.owner().inputs()) {
                    isReady &= isResolvedOrPushed(input, stack);
                }
                if (isReady) {
                    visit(result.owner());
                }
            }
        }
    }

    private boolean isResolved(Tensor value) {
        return !(value instanceof Result) || resolved.containsKey(value);
    }

    private boolean isResolvedOrPushed(Tensor value, Deque<Tensor> stack) {
        boolean isResolved = isResolved(value);
        if (!isResolved) {
            stack.push(value);
        }
        return isResolved;
    }

    private Tensor resolved(Tensor value) {
        Tensor result = value instanceof Result ? resolved.get(value) : value;
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
        if (apply.outputs().size() > 1) {
            settled.add(rebuilt);
        }
        for (int i = 0; i < apply.outputs().size(); i++) {
            Tensor output = rebuilt.outputs().get(i);
            resolved.put(output, output);
            resolved.put(apply.outputs().get(i), output);
        }
    }

    private @Nullable Tensor firstRewrite(Apply apply) {
        if (rewritesLeft == 0 || settled.contains(apply)) {
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
                applied.add(rule.name());
                return replacement;
            }
        }
        if (!surroundings.hasDependedOnReaders()) {
            settled.add(apply);
        }
        return null;
    }
}
