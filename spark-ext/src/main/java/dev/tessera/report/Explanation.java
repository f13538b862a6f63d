package dev.tessera.report;

import dev.tessera.expr.Graph;
import dev.tessera.plan.ExecutionPlan;

/** A compiled function for people to read: its graph before and after rewriting, and its plan. */
public final class Explanation {
    private Explanation() {}

    /**
     * The graph as it was written and as it is after rewriting, a line for each value; then the slots, steps and operands
     * of the plan, and the bytes that a row takes as an expression of the dims. A long list is cut in its middle.
     */
    public static String of(Graph source, Graph rewritten, ExecutionPlan plan) {
        TextListing listing = new TextListing();
        GraphLines.write("graph as written", source, listing);
        GraphLines.write("graph after rewriting", rewritten, listing);
        PlanLines.write(plan, listing);
        return listing.toString();
    }
}
