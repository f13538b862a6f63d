package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.apache.spark.sql.catalyst.plans.logical.Subquery;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Lifts calls out of the operators that hold them into {@link TensorEval} below.
 *
 * <p>{@code Project [f(x) + 1]} becomes {@code Project [r + 1]} over {@code TensorEval [f(x) AS r]}. In a filter, a
 * call sees only the rows that the conjuncts before it let through, so that a guard guards; conjuncts after it that cannot
 * fail go before it. A result already computed below a filter is used again above it.
 */
public final class LiftTensorCalls extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        // A correlated subquery becomes a join of the query around it, and is lifted with that.
        boolean isForLater = plan instanceof Subquery subquery && subquery.correlated();
        return !isForLater && plan.exists(LiftTensorCalls::holdsCall)
                ? lift(plan, List.of()).restored(plan)
                : plan;
    }

    private static boolean holdsCall(LogicalPlan plan) {
        return ScalaInterop.list(plan.expressions()).stream().anyMatch(LiftableCalls::holdsCall);
    }

    /** Lifts the calls of a plan; keeps the results of calls in {@code wanted}, which are made above, if it computes them. */
    private static Lifted lift(LogicalPlan plan, List<TensorCall> wanted) {
        if (plan instanceof TensorEval) {
            return new Lifted(plan);
        } else if (plan instanceof Project project) {
            return liftProject(project, wanted);
        } else if (plan instanceof Filter filter) {
            return liftFilter(filter, wanted);
        } else if (plan instanceof Sort) {
            Lifted below = lift(child(plan), joined(LiftableCalls.everyCall(plan), wanted));
            return liftExpressions(guarded(plan), below, null);
        } else if (isLiftedFrom(plan)) {
            Lifted below = lift(child(plan), LiftableCalls.everyCall(plan));
            LogicalPlan guarded = guarded(plan);
            Lifted lifted = liftExpressions(guarded, below, plan instanceof Aggregate ? List.of() : null);
            return new Lifted(lifted.restored(plan));
        }
        return new Lifted(plan.mapChildren(child -> lift(child, List.of()).restored(child)));
    }

    private static LogicalPlan child(LogicalPlan plan) {
        return plan.children().head();
    }

    /** Other operators that evaluate each of their expressions for every row of their one child. */
    private static boolean isLiftedFrom(LogicalPlan plan) {
        return plan instanceof Aggregate
                || plan instanceof Window
                || plan instanceof Generate
                || plan instanceof Expand
                || plan instanceof RepartitionByExpression
                || plan instanceof RebalancePartitions;
    }

    private static LogicalPlan guarded(LogicalPlan plan) {
        return plan.mapExpressions(GuardedCalls::nullWhereSkipped);
    }

    private static Lifted liftProject(Project project, List<TensorCall> wanted) {
        ProjectedCalls above = new ProjectedCalls(project, wanted);
        Lifted below = lift(project.child(), joined(LiftableCalls.everyCall(project), above.below()));
        Lifted lifted = liftExpressions(
                guarded(project), below, new ArrayList<>(below.results().values()));
        Map<Expression, Attribute> results = above.results(lifted.results());
        if (results.isEmpty() || !(lifted.plan() instanceof Project placed)) {
            return new Lifted(lifted.plan());
        }
        List<NamedExpression> list = new ArrayList<>(ScalaInterop.list(placed.projectList()));
        results.values().stream().distinct().forEach(list::add);
        return new Lifted(new Project(ScalaInterop.seq(list), placed.child()), results);
    }

    /**
     * Lifts from all expressions of an operator. The operator reads from its child what its expressions name and what
     * {@code kept} does; null keeps all of it.
     */
    private static Lifted liftExpressions(LogicalPlan plan, Lifted below, @Nullable List<Attribute> kept) {
        Lifted lifted = below;
        LogicalPlan rewritten = lifted.reused(plan);
        List<TensorCall> calls = LiftableCalls.of(rewritten);
        while (!calls.isEmpty()) {
            List<Attribute> needed = kept == null
                    ? null
                    : joined(ScalaInterop.list(rewritten.references().toSeq()), kept);
            lifted = lifted.evaluating(calls, needed);
            rewritten = lifted.reused(rewritten);
            calls = LiftableCalls.of(rewritten);
        }
        return lifted.under(rewritten.withNewChildren(ScalaInterop.seq(List.of(lifted.plan()))));
    }

    private static Lifted liftFilter(Filter filter, List<TensorCall> wanted) {
        Lifted lifted = lift(filter.child(), joined(LiftableCalls.everyCall(filter), wanted));
        if (!holdsCall(filter)) {
            return lifted.under(filter.withNewChildren(ScalaInterop.seq(List.of(lifted.plan()))));
        }
        List<Expression> pending = new ArrayList<>();
        List<Expression> inOrder = new ArrayList<>();
        boolean mayGoFirst = true;
        for (Expression conjunct : conjuncts(filter.condition())) {
            // What rand() gives a row depends on the rows before it that reach it.
            mayGoFirst &= conjunct.deterministic();
            Expression reused = lifted.reused(GuardedCalls.nullWhereSkipped(conjunct));
            (mayGoFirst && SafeExpressions.cannotFail(reused) ? pending : inOrder).add(reused);
        }
        for (Expression conjunct : inOrder) {
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
        return condition instanceof And and
                ? joined(conjuncts(and.left()), conjuncts(and.right()))
                : List.of(condition);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
