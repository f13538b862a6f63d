package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.jspecify.annotations.Nullable;

/** A plan that may put out more than the one it replaces: results of calls, each by the canonical form of its call. */
record Lifted(LogicalPlan plan, Map<Expression, Attribute> results) {
    Lifted(LogicalPlan plan) {
        this(plan, Map.of());
    }

    /** The same results under another operator, which passes them through. */
    Lifted under(LogicalPlan operator) {
        return new Lifted(operator, results);
    }

    /** An operator with results in the place of the calls that have one. */
    LogicalPlan reused(LogicalPlan operator) {
        if (results.isEmpty()) {
            return operator;
        }
        return operator instanceof Aggregate aggregate
                ? AggregateCalls.replace(aggregate, results)
                : operator.mapExpressions(this::reused);
    }

    Expression reused(Expression expression) {
        return results.isEmpty() || !LiftableCalls.holdsCall(expression)
                ? expression
                : CallReplacement.replaceUp(expression, results);
    }

    /**
     * This with some calls evaluated on top. Columns that {@code needed} does not name are dropped below, so that a scan
     * does not read them; null needs all.
     */
    Lifted evaluating(List<TensorCall> calls, @Nullable List<Attribute> needed) {
        CallInputs inputs = new CallInputs(plan, needed);
        Map<Expression, Attribute> extended = new LinkedHashMap<>(results);
        List<Alias> aliases = new ArrayList<>();
        for (TensorCall call : calls) {
            Alias alias = CallReplacement.alias(inputs.overAttributes(call), "tensor_result", call.metadata());
            aliases.add(alias);
            extended.put(call.canonicalized(), alias.toAttribute());
        }
        return new Lifted(TensorEval.of(aliases, inputs.child()), extended);
    }

    /** The plan with the output of the one that it replaces: results that were added for others are dropped. */
    LogicalPlan restored(LogicalPlan original) {
        List<Attribute> wanted = ScalaInterop.list(original.output());
        List<Attribute> found = ScalaInterop.list(plan.output());
        boolean isSame = wanted.size() == found.size();
        for (int i = 0; isSame && i < wanted.size(); i++) {
            isSame = wanted.get(i).exprId().equals(found.get(i).exprId());
        }
        return isSame ? plan : new Project(ScalaInterop.<NamedExpression>seq(wanted), plan);
    }
}
