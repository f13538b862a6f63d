package dev.tessera.catalyst;

import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.types.Metadata;

/**
 * Declares dtype and shape in the metadata of columns that SQL text makes of calls: {@code SELECT f(x) AS y}. Runs with
 * the analyzer's own rules, so that what reads the column in the same query is checked against it.
 */
final class DeclareTensorColumns extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        if (plan.analyzed()) {
            return plan;
        }
        LogicalPlan declared = plan.mapChildren(this::apply);
        return declared.mapExpressions(DeclareTensorColumns::declared);
    }

    private static Expression declared(Expression expression) {
        if (expression instanceof Alias alias
                && alias.child() instanceof TensorCall call
                && alias.metadata().equals(Metadata.empty())
                && !call.metadata().equals(Metadata.empty())) {
            return CallReplacement.alias(alias, call.metadata());
        }
        return expression;
    }
}
