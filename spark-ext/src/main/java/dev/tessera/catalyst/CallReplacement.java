package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.types.Metadata;
import scala.Option;

/** Puts attributes in the place of the calls that they are the results of. */
final class CallReplacement {
    private CallReplacement() {}

    /** An expression with every call that has a result, canonically equal, replaced by it; inner calls first. */
    static Expression replaceUp(Expression expression, Map<Expression, Attribute> results) {
        List<Expression> children = new ArrayList<>();
        boolean isChanged = false;
        for (Expression child : ScalaInterop.list(expression.children())) {
            Expression replaced = replaceUp(child, results);
            isChanged |= replaced != child;
            children.add(replaced);
        }
        Expression rebuilt = isChanged ? expression.withNewChildren(ScalaInterop.seq(children)) : expression;
        if (rebuilt instanceof TensorCall) {
            Attribute result = results.get(rebuilt.canonicalized());
            return result == null ? rebuilt : result;
        }
        return rebuilt;
    }

    /** An alias with other metadata. */
    static Alias alias(Alias source, Metadata metadata) {
        return new Alias(
                source.child(),
                source.name(),
                source.exprId(),
                source.qualifier(),
                Option.apply(metadata),
                source.nonInheritableMetadataKeys());
    }

    /** An expression under the name and id of an attribute. */
    static Alias alias(Expression expression, Attribute attribute) {
        return new Alias(
                expression,
                attribute.name(),
                attribute.exprId(),
                attribute.qualifier(),
                Option.apply(attribute.metadata()),
                ScalaInterop.seq(List.of()));
    }

    static Alias alias(Expression expression, String name, Metadata metadata) {
        return new Alias(
                expression,
                name,
                NamedExpression$.MODULE$.newExprId(),
                ScalaInterop.seq(List.of()),
                Option.apply(metadata),
                ScalaInterop.seq(List.of()));
    }
}
