package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Rules that are applied together until none applies. */
public record RewritePhase(String name, List<Rewrite> rules) {
    /** More rounds than any graph needs; a phase that takes more has rules that undo each other. */
    private static final int MAX_ROUNDS = 200;

    public RewritePhase {
        rules = List.copyOf(rules);
    }

    /** The graph after the rules, in the order listed, over and over. */
    public Graph apply(Graph graph) {
        Graph current = graph;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Graph before = current;
            for (Rewrite rule : rules) {
                if (rule instanceof GraphRewrite whole) {
                    current = whole.rewrite(current);
                }
            }
            current = applyLocalRules(current);
            if (current.equals(before)) {
                return current;
            }
        }
        throw new IllegalStateException("Phase %s does not end: its rules undo each other".formatted(name));
    }

    private Graph applyLocalRules(Graph graph) {
        List<LocalRewrite> locals = new ArrayList<>();
        rules.forEach(rule -> {
            if (rule instanceof LocalRewrite local) {
                locals.add(local);
            }
        });
        if (locals.isEmpty()) {
            return graph;
        }
        Surroundings surroundings = Surroundings.of(graph);
        Substitution substitution = new Substitution();
        for (Apply apply : graph.toposort()) {
            if (apply.outputs().size() == 1) {
                applyFirst(locals, apply, surroundings, substitution);
            }
        }
        return substitution.isEmpty() ? graph : substitution.applyTo(graph);
    }

    private static void applyFirst(
            List<LocalRewrite> rules, Apply apply, Surroundings surroundings, Substitution substitution) {
        for (LocalRewrite rule : rules) {
            Tensor replacement = rule.rewrite(apply, surroundings);
            if (replacement != null) {
                if (!replacement.type().equals(apply.output().type())) {
                    throw new IllegalStateException("%s turned %s into %s"
                            .formatted(rule.name(), apply.output().type(), replacement.type()));
                }
                substitution.replace(apply.output(), replacement);
                return;
            }
        }
    }
}
