package dev.tessera.compile;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.ExecutionPlan.DimEquality;
import dev.tessera.plan.ExecutionPlan.PlanConstant;
import dev.tessera.plan.ExecutionPlan.PlanInput;
import dev.tessera.plan.ExecutionPlan.PlanOutput;
import dev.tessera.plan.Operand;
import dev.tessera.rewrite.GraphRewriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Compiles graphs to execution plans: rewriting, lowering, slot assignment. Stateless. */
public final class PlanCompiler {
    private PlanCompiler() {}

    /**
     * Compiles a graph with all rewrites.
     *
     * @throws dev.tessera.expr.TensorTypeException if a size is made of an unknown that no input brings
     */
    public static CompiledGraph compile(Graph graph) {
        return compile(graph, Set.of());
    }

    /**
     * Compiles a graph without some rewrites, which is for finding out what one of them does.
     *
     * @throws IllegalArgumentException if {@link GraphRewriter#optionalRules} has none of a name, or a size is made of an
     *     unknown that no input brings
     */
    public static CompiledGraph compile(Graph graph, Set<String> withoutRules) {
        UnknownSizes.requireBroughtByInputs(graph);
        Graph rewritten = GraphRewriter.rewrite(graph, withoutRules);
        Lowering.Lowered lowered = Lowering.lower(rewritten);
        ExecutionPlan plan = plan(rewritten, lowered, equalities(graph));
        return new CompiledGraph(graph, rewritten, plan, lowered.draft().constantValues());
    }

    /** What the graph relies on, as it was before rewriting: a rewrite may drop an op, not what it demanded. */
    private static List<DimEquality> equalities(Graph graph) {
        List<DimEquality> distinct = new ArrayList<>();
        Set<Set<Object>> seen = new HashSet<>();
        for (Apply apply : graph.toposort()) {
            for (DimEquality equality : apply.equalities()) {
                if (!equality.left().equals(equality.right()) && seen.add(Set.of(equality.left(), equality.right()))) {
                    distinct.add(equality);
                }
            }
        }
        return distinct;
    }

    private static ExecutionPlan plan(Graph graph, Lowering.Lowered lowered, List<DimEquality> equalities) {
        PlanDraft draft = lowered.draft();
        SlotAssignment.Assigned assigned = SlotAssignment.assign(draft, lowered.outputs());
        List<PlanConstant> constants = draft.constants().stream()
                .map(c -> new PlanConstant(assigned.slotOfBuffer().get(c.slot()), c.type(), c.digest()))
                .toList();
        List<PlanInput> inputs = draft.inputs().stream()
                .map(i -> new PlanInput(
                        i.name(), i.type(), assigned.slotOfBuffer().get(i.slot())))
                .toList();
        List<PlanOutput> outputs = new ArrayList<>();
        for (int i = 0; i < graph.outputs().size(); i++) {
            Graph.Output output = graph.outputs().get(i);
            Operand value = assigned.moved(lowered.outputs().get(i));
            outputs.add(new PlanOutput(output.name(), output.value().type(), value));
        }
        return new ExecutionPlan(
                assigned.slots(),
                constants,
                inputs,
                equalities,
                draft.invariantSteps().stream().map(assigned::moved).toList(),
                draft.rowSteps().stream().map(assigned::moved).toList(),
                outputs);
    }
}
