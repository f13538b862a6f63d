package dev.tessera.catalyst;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.IsNaN;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Length;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Lower;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.Remainder;
import org.apache.spark.sql.catalyst.expressions.Size;
import org.apache.spark.sql.catalyst.expressions.StringPredicate;
import org.apache.spark.sql.catalyst.expressions.Upper;

/** Knows expressions that give a value for every row, whatever the conjuncts before them would have kept from them. */
final class SafeExpressions {
    private static final List<Class<?>> SAFE = List.of(
            And.class,
            Attribute.class,
            BinaryComparison.class,
            GetStructField.class,
            In.class,
            InSet.class,
            IsNaN.class,
            IsNotNull.class,
            IsNull.class,
            Length.class,
            Literal.class,
            Lower.class,
            Not.class,
            Or.class,
            Size.class,
            StringPredicate.class,
            Upper.class);

    private SafeExpressions() {}

    /** Whether an expression cannot fail; false for what is not known, as of functions of others. */
    static boolean cannotFail(Expression expression) {
        return isSafe(expression)
                && ScalaInterop.list(expression.children()).stream().allMatch(SafeExpressions::cannotFail);
    }

    private static boolean isSafe(Expression expression) {
        if (expression instanceof Cast cast) {
            return Cast.canUpCast(cast.child().dataType(), cast.dataType());
        }
        if (expression instanceof Remainder remainder) {
            return remainder.right() instanceof Literal divisor
                    && divisor.value() instanceof Number number
                    && number.doubleValue() != 0;
        }
        return SAFE.stream().anyMatch(type -> type.isInstance(expression));
    }
}
