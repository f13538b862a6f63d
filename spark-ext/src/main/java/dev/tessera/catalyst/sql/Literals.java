package dev.tessera.catalyst.sql;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.unsafe.types.UTF8String;

/** The values of arguments that are the same for every row. */
final class Literals {
    private Literals() {}

    /** The string that {@code argument} is; {@code what} names it in the message if it is none. */
    static String text(Expression argument, String what) {
        if (argument.foldable() && argument.eval(null) instanceof UTF8String text) {
            return text.toString();
        }
        throw new IllegalArgumentException("Cannot read %s: %s is no string literal".formatted(what, argument.sql()));
    }
}
