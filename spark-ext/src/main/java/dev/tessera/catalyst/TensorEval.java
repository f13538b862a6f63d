package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;

/**
 * The child's rows with the results of some calls added, each a {@link TensorCall} over attributes of the child. A node of
 * its own, and not a projection, so that no later rule merges it back into its neighbours. It holds no aliases: Spark strips
 * them from nodes that it does not know when it rewrites a correlated subquery.
 */
public final class TensorEval extends CatalystNode {
    private final Seq<Expression> calls;
    private final Seq<Attribute> attributes;

    /** Arguments in the order of {@link #productElement}, as Spark copies trees by calling the constructor with them. */
    public TensorEval(Seq<Expression> calls, Seq<Attribute> attributes, LogicalPlan child) {
        super(child);
        this.calls = calls;
        this.attributes = attributes;
    }

    /** Evaluates what {@code results} are aliases of. */
    static TensorEval of(List<Alias> results, LogicalPlan child) {
        List<Expression> calls = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        for (Alias result : results) {
            calls.add(result.child());
            attributes.add(result.toAttribute());
        }
        return new TensorEval(ScalaInterop.seq(calls), ScalaInterop.seq(attributes), child);
    }

    /** The calls, each under the name and id of its result. */
    List<Alias> results() {
        List<Alias> aliases = new ArrayList<>();
        List<Expression> values = ScalaInterop.list(calls);
        List<Attribute> names = ScalaInterop.list(attributes);
        for (int i = 0; i < values.size(); i++) {
            aliases.add(CallReplacement.alias(values.get(i), names.get(i)));
        }
        return aliases;
    }

    @Override
    public Seq<Attribute> output() {
        List<Attribute> output = new ArrayList<>(ScalaInterop.list(child().output()));
        output.addAll(ScalaInterop.list(attributes));
        return ScalaInterop.seq(output);
    }

    @Override
    public AttributeSet producedAttributes() {
        return AttributeSet$.MODULE$.apply(ScalaInterop.<Expression>seq(ScalaInterop.list(attributes)));
    }

    @Override
    public LogicalPlan withNewChildInternal(LogicalPlan newChild) {
        return new TensorEval(calls, attributes, newChild);
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> calls;
            case 1 -> attributes;
            case 2 -> child();
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
                && eval.calls.equals(calls)
                && eval.attributes.equals(attributes)
                && eval.child().equals(child());
    }

    @Override
    public int hashCode() {
        return Objects.hash(calls, attributes, child());
    }
}
