package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.Metadata;
import org.jspecify.annotations.Nullable;

/** Makes the inputs of calls attributes: a projection below computes the others, and drops columns nobody needs. */
final class CallInputs {
    private final LogicalPlan plan;
    private final @Nullable Set<ExprId> needed;
    private final Map<Expression, Alias> computed = new HashMap<>();
    private final List<Alias> aliases = new ArrayList<>();
    private final Set<ExprId> read = new HashSet<>();

    /** Of {@code needed}, null says that every column of {@code plan} is. */
    CallInputs(LogicalPlan plan, @Nullable List<Attribute> needed) {
        this.plan = plan;
        if (needed == null) {
            this.needed = null;
        } else {
            this.needed = new HashSet<>();
            needed.forEach(attribute -> this.needed.add(attribute.exprId()));
        }
    }

    /** A call with each input that is no attribute replaced by one. */
    TensorCall overAttributes(TensorCall call) {
        List<Expression> attributes = new ArrayList<>();
        for (Expression input : call.inputs()) {
            if (input instanceof Attribute attribute) {
                read.add(attribute.exprId());
                attributes.add(attribute);
            } else {
                attributes.add(computed.computeIfAbsent(input.canonicalized(), key -> alias(input))
                        .toAttribute());
            }
        }
        return new TensorCall(call.target(), ScalaInterop.seq(attributes)).forEveryRow();
    }

    private Alias alias(Expression input) {
        Alias alias = CallReplacement.alias(input, "tensor_input", Metadata.empty());
        aliases.add(alias);
        return alias;
    }

    /** The plan whose output the calls read. */
    LogicalPlan child() {
        List<NamedExpression> list = new ArrayList<>();
        boolean dropsColumns = false;
        for (Attribute attribute : ScalaInterop.list(plan.output())) {
            if (needed == null || needed.contains(attribute.exprId()) || read.contains(attribute.exprId())) {
                list.add(attribute);
            } else {
                dropsColumns = true;
            }
        }
        list.addAll(aliases);
        return dropsColumns || !aliases.isEmpty() ? new Project(ScalaInterop.seq(list), plan) : plan;
    }
}
