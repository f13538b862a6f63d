package dev.tessera.catalyst;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/** What Spark's function registry calls with resolved arguments: the signature that Scala 2.13 asks for. */
public abstract class CallFunction extends AbstractFunction1<Seq<Expression>, Expression> {
    /** The expression for some arguments. */
    protected abstract Expression build(List<Expression> arguments);

    @Override
    public final Expression apply(Seq<Expression> arguments) {
        return build(ScalaInterop.list(arguments));
    }
}
