package dev.tessera.rewrite;

import dev.tessera.expr.Graph;
import java.util.List;

/**
 * Rules of a phase that were stopped while they still applied, because they undo each other's work or never come to an end.
 *
 * @param rules the names of those that applied last
 * @param graph what they had made by then
 */
public record UnsettledRules(String phase, List<String> rules, Graph graph) {
    /** So much of a graph as a log should hold. */
    private static final int MAX_TEXT_LENGTH = 2000;

    public UnsettledRules {
        rules = List.copyOf(rules);
    }

    /** Names the phase, the rules and the graph. */
    public String message() {
        String text = graph.toString();
        String shown = text.length() > MAX_TEXT_LENGTH ? text.substring(0, MAX_TEXT_LENGTH) + "…" : text;
        return "The rules %s of the phase '%s' do not settle; the graph is used as they left it: %s"
                .formatted(rules, phase, shown);
    }
}
