package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AtLeastNNonNulls;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * Finds the calls that may be evaluated for all rows at once: those that Spark would evaluate for every row anyway. A call
 * in a branch of CASE WHEN, IF or COALESCE, or behind AND, OR or IN, may be there to be skipped; one in a lambda has no
 * column; one in a condition that joins a subquery may read the subquery's columns; one over an aggregate runs once a group.
 */
final class LiftableCalls {
    private final Map<Expression, TensorCall> calls = new LinkedHashMap<>();

    private LiftableCalls() {}

    /** The distinct liftable calls of some expressions that hold no other liftable call, in the order they are met. */
    static List<TensorCall> of(List<? extends Expression> expressions) {
        LiftableCalls found = new LiftableCalls();
        expressions.forEach(expression -> found.visit(expression, false));
        return new ArrayList<>(found.calls.values());
    }

    /** The distinct liftable calls of an operator that hold no other liftable call. */
    static List<TensorCall> of(LogicalPlan plan) {
        return of(
                plan instanceof Aggregate aggregate
                        ? AggregateCalls.inputs(aggregate)
                        : ScalaInterop.list(plan.expressions()));
    }

    /** Every call of an operator, liftable or not, guarded calls as they are made once lifted. */
    static List<TensorCall> everyCall(LogicalPlan plan) {
        List<TensorCall> calls = new ArrayList<>();
        for (Expression expression : ScalaInterop.list(plan.expressions())) {
            addCalls(GuardedCalls.nullWhereSkipped(expression), calls);
        }
        return calls;
    }

    private static void addCalls(Expression expression, List<TensorCall> calls) {
        if (expression instanceof TensorCall call) {
            calls.add(call);
        }
        ScalaInterop.list(expression.children()).forEach(child -> addCalls(child, calls));
    }

    /** Whether a liftable call was found; {@code isSkippable} where the expression may not be evaluated for a row. */
    private boolean visit(Expression expression, boolean isSkippable) {
        if (isOutOfReach(expression) || !holdsCall(expression)) {
            return false;
        }
        List<Expression> always = alwaysEvaluated(expression);
        boolean found = false;
        for (Expression child : ScalaInterop.list(expression.children())) {
            found |= visit(child, isSkippable || always.stream().noneMatch(evaluated -> evaluated == child));
        }
        if (!found && expression instanceof TensorCall call && isLiftable(call, isSkippable)) {
            calls.putIfAbsent(call.canonicalized(), call);
            found = true;
        }
        return found;
    }

    private static boolean isLiftable(TensorCall call, boolean isSkippable) {
        return (!isSkippable || call.isForEveryRow()) && !holdsAggregate(call) && call.deterministic();
    }

    private static List<Expression> alwaysEvaluated(Expression expression) {
        List<Expression> children = ScalaInterop.list(expression.children());
        if (expression instanceof ConditionalExpression conditional) {
            return ScalaInterop.list(conditional.alwaysEvaluatedInputs());
        } else if (expression instanceof And || expression instanceof Or || expression instanceof In) {
            return children.subList(0, 1);
        } else if (expression instanceof AtLeastNNonNulls) {
            return List.of();
        } else if (expression instanceof AggregateExpression aggregate
                && aggregate.filter().isDefined()) {
            return List.of(aggregate.filter().get());
        }
        return children;
    }

    /** Whether what is below an expression may read what is no column of the operator that holds it. */
    static boolean isOutOfReach(Expression expression) {
        return expression instanceof LambdaFunction || expression instanceof SubqueryExpression;
    }

    /** Whether a call is in the expression, liftable or not. */
    static boolean holdsCall(Expression expression) {
        return expression.exists(node -> node instanceof TensorCall);
    }

    static boolean holdsAggregate(Expression expression) {
        return expression.exists(node -> node instanceof AggregateExpression);
    }
}
