package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RebalancePartitions;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.rules.Rule;

/**
 * Lifts calls out of the operators that hold them into {@link TensorEval} below.
 *
 * <p>{@code Project [f(x) + 1]} becomes {@code Project [r + 1]} over {@code TensorEval [f(x) AS r]}. In a filter, conjuncts
 * without calls go below the evaluation, and each later call sees only the rows that the earlier conjuncts let through, so
 * that a guard guards. A result already computed below a filter is used again above it.
 */
public final class LiftTensorCalls extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return holdsCall(plan) ? lift(plan).restored(plan) : plan;
    }

    private static boolean holdsCall(LogicalPlan plan) {
        return plan.exists(
                node -> ScalaInterop.list(node.expressions()).stream().anyMatch(LiftableCalls::holdsCall));
    }

    private Lifted lift(LogicalPlan plan) {
        if (plan instanceof TensorEval) {
            return new Lifted(plan);
        }
        if (isLiftedFrom(plan)) {
            Lifted below = lift(ScalaInterop.list(plan.children()).get(0));
            return plan instanceof Filter filter ? liftFilter(filter, below) : liftExpressions(plan, below);
        }
        return new Lifted(plan.mapChildren(child -> lift(child).restored(child)));
    }

    /** Operators that evaluate each of their expressions for every row of their one child. */
    private static boolean isLiftedFrom(LogicalPlan plan) {
        return plan instanceof Project
                || plan instanceof Filter
                || plan instanceof Aggregate
                || plan instanceof Sort
                || plan instanceof Window
                || plan instanceof Generate
                || plan instanceof Expand
                || plan instanceof RepartitionByExpression
                || plan instanceof RebalancePartitions;
    }

    private static Lifted liftExpressions(LogicalPlan plan, Lifted below) {
        LogicalPlan rewritten = below.reused(plan);
        boolean definesOutput = plan instanceof Project || plan instanceof Aggregate;
        Lifted lifted = below;
        List<TensorCall> calls = calls(rewritten);
        while (!calls.isEmpty()) {
            lifted = lifted.evaluating(calls, definesOutput ? ScalaInterop.list(rewritten.references()) : null);
            rewritten = lifted.reused(rewritten);
            calls = calls(rewritten);
        }
        LogicalPlan placed = rewritten.withNewChildren(ScalaInterop.seq(List.of(lifted.plan())));
        return plan instanceof Sort ? lifted.under(placed) : new Lifted(restored(placed, plan));
    }

    private static List<TensorCall> calls(LogicalPlan plan) {
        if (plan instanceof Aggregate aggregate) {
            return LiftableCalls.of(AggregateCalls.inputs(aggregate));
        }
        return LiftableCalls.of(ScalaInterop.list(plan.expressions()));
    }

    private static Lifted liftFilter(Filter filter, Lifted below) {
        if (!filter.condition().deterministic()) {
            return liftExpressions(filter, below);
        }
        List<Expression> plain = new ArrayList<>();
        List<Expression> calling = new ArrayList<>();
        for (Expression conjunct : conjuncts(filter.condition())) {
            Expression reused = below.reused(conjunct);
            (LiftableCalls.holdsCall(reused) ? calling : plain).add(reused);
        }
        Lifted lifted = below;
        List<Expression> pending = plain;
        for (Expression conjunct : calling) {
            Expression rewritten = lifted.reused(conjunct);
            List<TensorCall> calls = LiftableCalls.of(List.of(rewritten));
            while (!calls.isEmpty()) {
                lifted = filtered(lifted, pending).evaluating(calls, null);
                pending = new ArrayList<>();
                rewritten = lifted.reused(rewritten);
                calls = LiftableCalls.of(List.of(rewritten));
            }
            pending.add(rewritten);
        }
        return filtered(lifted, pending);
    }

    private static Lifted filtered(Lifted lifted, List<Expression> conjuncts) {
        if (conjuncts.isEmpty()) {
            return lifted;
        }
        Expression condition = conjuncts.get(0);
        for (Expression conjunct : conjuncts.subList(1, conjuncts.size())) {
            condition = new And(condition, conjunct);
        }
        return lifted.under(new Filter(condition, lifted.plan()));
    }

    private static List<Expression> conjuncts(Expression condition) {
        if (condition instanceof And and) {
            List<Expression> conjuncts = new ArrayList<>(conjuncts(and.left()));
            conjuncts.addAll(conjuncts(and.right()));
            return conjuncts;
        }
        return List.of(condition);
    }

    /** A plan with the output of another that it replaces: results that were added for others are dropped. */
    private static LogicalPlan restored(LogicalPlan plan, LogicalPlan original) {
        List<Attribute> wanted = ScalaInterop.list(original.output());
        List<Attribute> found = ScalaInterop.list(plan.output());
        boolean isSame = wanted.size() == found.size();
        for (int i = 0; isSame && i < wanted.size(); i++) {
            isSame = wanted.get(i).exprId().equals(found.get(i).exprId());
        }
        if (isSame) {
            return plan;
        }
        List<NamedExpression> list = new ArrayList<>();
        wanted.forEach(attribute -> list.add((NamedExpression) attribute));
        return new Project(ScalaInterop.seq(list), plan);
    }

    /** A plan that may put out more than the one it replaces: the results of calls, by the call. */
    private record Lifted(LogicalPlan plan, Map<Expression, Attribute> results) {
        Lifted(LogicalPlan plan) {
            this(plan, Map.of());
        }

        /** The same results under another operator, which passes them through. */
        Lifted under(LogicalPlan operator) {
            return new Lifted(operator, results);
        }

        LogicalPlan restored(LogicalPlan original) {
            return LiftTensorCalls.restored(plan, original);
        }

        LogicalPlan reused(LogicalPlan operator) {
            if (results.isEmpty()) {
                return operator;
            }
            return operator instanceof Aggregate aggregate
                    ? AggregateCalls.replace(aggregate, results)
                    : operator.mapExpressions(this::reused);
        }

        Expression reused(Expression expression) {
            if (results.isEmpty() || !LiftableCalls.holdsCall(expression)) {
                return expression;
            }
            return CallReplacement.replaceUp(expression, results);
        }

        /**
         * This with some calls evaluated on top. Columns that {@code needed} does not name are dropped below, so that a
         * scan does not read them; null needs all.
         */
        Lifted evaluating(List<TensorCall> calls, @org.jspecify.annotations.Nullable List<Attribute> needed) {
            CallInputs inputs = new CallInputs(plan, needed);
            Map<Expression, Attribute> extended = new LinkedHashMap<>(results);
            List<NamedExpression> aliases = new ArrayList<>();
            for (TensorCall call : calls) {
                Alias alias = CallReplacement.alias(inputs.overAttributes(call), "tensor_result", call.metadata());
                aliases.add(alias);
                extended.put(call.canonicalized(), alias.toAttribute());
            }
            return new Lifted(new TensorEval(ScalaInterop.seq(aliases), inputs.child()), extended);
        }
    }
}
