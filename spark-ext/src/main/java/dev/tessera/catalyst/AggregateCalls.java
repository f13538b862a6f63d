package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * The calls of an aggregation: those in its keys and in the arguments of its functions are made for every row; the others
 * are made for every group, after it, and stay where they are.
 */
final class AggregateCalls {
    private AggregateCalls() {}

    /** What an aggregation evaluates for every row. */
    static List<Expression> inputs(Aggregate aggregate) {
        List<Expression> inputs = new ArrayList<>(ScalaInterop.list(aggregate.groupingExpressions()));
        for (NamedExpression output : ScalaInterop.list(aggregate.aggregateExpressions())) {
            addFunctions((Expression) output, inputs);
        }
        return inputs;
    }

    private static void addFunctions(Expression expression, List<Expression> functions) {
        if (expression instanceof AggregateExpression) {
            functions.add(expression);
        } else {
            ScalaInterop.list(expression.children()).forEach(child -> addFunctions(child, functions));
        }
    }

    /** An aggregation with results in the place of the calls that it makes for every row. */
    static LogicalPlan replace(Aggregate aggregate, Map<Expression, Attribute> results) {
        List<Expression> keys = ScalaInterop.list(aggregate.groupingExpressions());
        return aggregate.mapExpressions(expression -> replaceBelowGroups(expression, keys, results));
    }

    private static Expression replaceBelowGroups(
            Expression expression, List<Expression> keys, Map<Expression, Attribute> results) {
        boolean isKey = keys.stream().anyMatch(key -> key.canonicalized().equals(expression.canonicalized()));
        if (isKey || expression instanceof AggregateExpression) {
            return CallReplacement.replaceUp(expression, results);
        }
        List<Expression> children = new ArrayList<>();
        boolean isChanged = false;
        for (Expression child : ScalaInterop.list(expression.children())) {
            Expression replaced = replaceBelowGroups(child, keys, results);
            isChanged |= replaced != child;
            children.add(replaced);
        }
        return isChanged ? expression.withNewChildren(ScalaInterop.seq(children)) : expression;
    }
}
