package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.jspecify.annotations.Nullable;

/**
 * Makes guarded calls fit for batches: {@code CASE WHEN p THEN f(x) END} becomes
 * {@code CASE WHEN p THEN f(if(p, x, NULL)) END}. Null in gives null out, so the call may now be evaluated for every row,
 * and does nothing for those that the guard keeps from it. A guard that holds a call itself, or is not deterministic,
 * leaves the call as it is.
 */
final class GuardedCalls {
    private static final Expression ALWAYS = Literal$.MODULE$.TrueLiteral();

    private GuardedCalls() {}

    /** An expression with each guarded call's first input null where the call would be skipped. */
    static Expression nullWhereSkipped(Expression expression) {
        return LiftableCalls.holdsCall(expression) ? masked(expression, null) : expression;
    }

    private static Expression masked(Expression expression, @Nullable Expression guard) {
        if (LiftableCalls.isOutOfReach(expression) || !LiftableCalls.holdsCall(expression)) {
            return expression;
        }
        List<Expression> children = ScalaInterop.list(expression.children());
        List<Expression> guards = guards(expression, children, guard);
        List<Expression> rebuilt = new ArrayList<>();
        boolean isChanged = false;
        for (int i = 0; i < children.size(); i++) {
            Expression child = masked(children.get(i), guards.get(i) == ALWAYS ? null : guards.get(i));
            isChanged |= child != children.get(i);
            rebuilt.add(child);
        }
        if (expression instanceof TensorCall call && guard != null && !rebuilt.isEmpty() && isFree(guard)) {
            Expression first = rebuilt.get(0);
            rebuilt.set(0, new If(guard, first, Literal$.MODULE$.create(null, first.dataType())));
            return new TensorCall(call.target(), ScalaInterop.seq(rebuilt)).forEveryRow();
        }
        return isChanged ? expression.withNewChildren(ScalaInterop.seq(rebuilt)) : expression;
    }

    private static boolean isFree(Expression guard) {
        return guard.deterministic() && !LiftableCalls.holdsCall(guard) && !LiftableCalls.holdsAggregate(guard);
    }

    /** When each child is evaluated, given when its parent is. */
    private static List<Expression> guards(
            Expression expression, List<Expression> children, @Nullable Expression guard) {
        List<Expression> guards = new ArrayList<>();
        Expression outer = guard == null ? ALWAYS : guard;
        if (expression instanceof If || expression instanceof CaseWhen) {
            // Children are condition, value, condition, value, ..., and perhaps a value.
            Expression reached = outer;
            for (int i = 0; i < children.size(); i++) {
                boolean isCondition = i % 2 == 0 && i + 1 < children.size() && !(expression instanceof If && i == 2);
                if (isCondition) {
                    guards.add(reached);
                } else if (i % 2 == 1) {
                    guards.add(both(reached, children.get(i - 1)));
                    reached = both(reached, isNot(children.get(i - 1), true));
                } else {
                    guards.add(reached);
                }
            }
        } else if (expression instanceof And || expression instanceof Or) {
            guards.add(outer);
            guards.add(both(outer, isNot(children.get(0), expression instanceof Or)));
        } else if (expression instanceof AggregateExpression aggregate
                && aggregate.filter().isDefined()) {
            guards.add(both(outer, aggregate.filter().get()));
            guards.add(outer);
        } else {
            children.forEach(child -> guards.add(outer));
        }
        return guards;
    }

    private static Expression both(Expression left, Expression right) {
        return left == ALWAYS ? right : new And(left, right);
    }

    private static Expression isNot(Expression condition, boolean value) {
        return new Not(new EqualNullSafe(condition, Literal$.MODULE$.apply(value)));
    }
}
