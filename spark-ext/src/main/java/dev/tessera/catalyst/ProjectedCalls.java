package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.jspecify.annotations.Nullable;

/**
 * Sees calls that are made above a projection as they would be made below it, so that a result computed below serves
 * above: over {@code Project [g(a) AS x]}, the call {@code f(x)} is {@code f(g(a))}.
 */
final class ProjectedCalls {
    private final Map<ExprId, Expression> sources = new HashMap<>();
    private final Map<TensorCall, TensorCall> below = new LinkedHashMap<>();

    ProjectedCalls(Project project, List<TensorCall> above) {
        for (NamedExpression named : ScalaInterop.list(project.projectList())) {
            if (named instanceof Alias alias && alias.child().deterministic()) {
                sources.put(alias.exprId(), alias.child());
            } else if (named instanceof Attribute attribute) {
                sources.put(attribute.exprId(), attribute);
            }
        }
        for (TensorCall call : above) {
            Expression translated = translated(call);
            if (translated instanceof TensorCall projected) {
                below.put(call, projected);
            }
        }
    }

    private @Nullable Expression translated(Expression expression) {
        if (expression instanceof Attribute attribute) {
            return sources.get(attribute.exprId());
        }
        List<Expression> children = new ArrayList<>();
        for (Expression child : ScalaInterop.list(expression.children())) {
            Expression translated = translated(child);
            if (translated == null) {
                return null;
            }
            children.add(translated);
        }
        return children.isEmpty() ? expression : expression.withNewChildren(ScalaInterop.seq(children));
    }

    /** The calls as they would be made below the projection. */
    List<TensorCall> below() {
        return new ArrayList<>(below.values());
    }

    /** The results, among those below, of the calls above, by the canonical form of the call above. */
    Map<Expression, Attribute> results(Map<Expression, Attribute> resultsBelow) {
        Map<Expression, Attribute> results = new LinkedHashMap<>();
        below.forEach((above, call) -> {
            Attribute result = resultsBelow.get(call.canonicalized());
            if (result != null) {
                results.put(above.canonicalized(), result);
            }
        });
        return results;
    }
}
