package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;

/** Plans {@link TensorEval}, with the projection above it where there is one, as {@link TensorMapExec}. */
public final class TensorStrategy extends SparkStrategy {
    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        if (plan instanceof Project project && project.child() instanceof TensorEval eval) {
            List<NamedExpression> list = embedded(project, eval);
            if (list != null) {
                return one(new TensorMapExec(ScalaInterop.seq(list), planLater(eval.child())));
            }
        } else if (plan instanceof TensorEval eval) {
            List<NamedExpression> list =
                    new ArrayList<>(ScalaInterop.list(eval.child().output()));
            list.addAll(eval.results());
            return one(new TensorMapExec(ScalaInterop.seq(list), planLater(eval.child())));
        }
        return ScalaInterop.seq(List.of());
    }

    private static Seq<SparkPlan> one(SparkPlan plan) {
        return ScalaInterop.seq(List.of(plan));
    }

    /**
     * The list of a projection with the calls in the place of their results; null if the operator would not find each of
     * them in it, because one is not used, or only where it may be skipped.
     */
    private static @Nullable List<NamedExpression> embedded(Project project, TensorEval eval) {
        Map<ExprId, Expression> calls = new HashMap<>();
        eval.results().forEach(result -> calls.put(result.exprId(), result.child()));
        List<NamedExpression> list = new ArrayList<>();
        for (NamedExpression named : ScalaInterop.list(project.projectList())) {
            list.add(embedded(named, calls));
        }
        List<Expression> expressions = new ArrayList<>();
        list.forEach(named -> expressions.add((Expression) named));
        boolean isWhole = LiftableCalls.of(expressions).size() == calls.size();
        return isWhole && expressions.stream().allMatch(Expression::deterministic) ? list : null;
    }

    private static NamedExpression embedded(NamedExpression named, Map<ExprId, Expression> calls) {
        if (named instanceof Attribute attribute) {
            Expression call = calls.get(attribute.exprId());
            return call == null ? attribute : CallReplacement.alias(call, attribute);
        }
        return (NamedExpression) embedded((Expression) named, calls);
    }

    private static Expression embedded(Expression expression, Map<ExprId, Expression> calls) {
        if (expression instanceof Attribute attribute) {
            return calls.getOrDefault(attribute.exprId(), attribute);
        }
        List<Expression> children = new ArrayList<>();
        boolean isChanged = false;
        for (Expression child : ScalaInterop.list(expression.children())) {
            Expression replaced = embedded(child, calls);
            isChanged |= replaced != child;
            children.add(replaced);
        }
        return isChanged ? expression.withNewChildren(ScalaInterop.seq(children)) : expression;
    }
}
