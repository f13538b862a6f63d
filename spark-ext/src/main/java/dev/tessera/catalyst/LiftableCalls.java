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
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;

/**
 * Finds the calls that may be evaluated for all rows at once: those that Spark would evaluate for every row anyway. A call
 * in a branch of CASE WHEN, IF or COALESCE, or behind AND, OR or IN, may be there to be skipped; one in a lambda has no
 * column; one over an aggregate runs once a group.
 */
final class LiftableCalls {
    private final Map<Expression, TensorCall> calls = new LinkedHashMap<>();

    private LiftableCalls() {}

    /** The distinct liftable calls of some expressions that hold no other liftable call, in the order they are met. */
    static List<TensorCall> of(List<? extends Expression> expressions) {
        LiftableCalls found = new LiftableCalls();
        expressions.forEach(found::visit);
        return new ArrayList<>(found.calls.values());
    }

    private boolean visit(Expression expression) {
        if (expression instanceof LambdaFunction || !holdsCall(expression)) {
            return false;
        }
        boolean found = false;
        for (Expression child : alwaysEvaluated(expression)) {
            found |= visit(child);
        }
        if (!found && expression instanceof TensorCall call && !holdsAggregate(call) && call.deterministic()) {
            calls.putIfAbsent(call.canonicalized(), call);
            found = true;
        }
        return found;
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

    /** Whether a call is in the expression, liftable or not. */
    static boolean holdsCall(Expression expression) {
        return expression.exists(node -> node instanceof TensorCall);
    }

    static boolean holdsAggregate(Expression expression) {
        return expression.exists(node -> node instanceof AggregateExpression);
    }
}
