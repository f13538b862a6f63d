package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;

/**
 * The child's rows with the results of some calls added, each an alias of a {@link TensorCall} over attributes of the
 * child. A node of its own, and not a projection, so that no later rule merges it back into its neighbours.
 */
public final class TensorEval extends CatalystNode {
    private final Seq<NamedExpression> results;

    /** Arguments in the order of {@link #productElement}, as Spark copies trees by calling the constructor with them. */
    public TensorEval(Seq<NamedExpression> results, LogicalPlan child) {
        super(child);
        this.results = results;
    }

    List<Alias> results() {
        List<Alias> aliases = new ArrayList<>();
        for (NamedExpression result : ScalaInterop.list(results)) {
            aliases.add((Alias) result);
        }
        return aliases;
    }

    @Override
    public Seq<Attribute> output() {
        List<Attribute> attributes = ScalaInterop.list(child().output());
        results().forEach(result -> attributes.add(result.toAttribute()));
        return ScalaInterop.seq(attributes);
    }

    @Override
    public AttributeSet producedAttributes() {
        List<Expression> produced = new ArrayList<>();
        results().forEach(result -> produced.add(result.toAttribute()));
        return AttributeSet$.MODULE$.apply(ScalaInterop.<Expression>seq(produced));
    }

    @Override
    public LogicalPlan withNewChildInternal(LogicalPlan newChild) {
        return new TensorEval(results, newChild);
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> results;
            case 1 -> child();
            default -> throw new IndexOutOfBoundsException(Integer.toString(index));
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof TensorEval;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TensorEval eval
                && eval.results.equals(results)
                && eval.child().equals(child());
    }

    @Override
    public int hashCode() {
        return Objects.hash(results, child());
    }
}
