package dev.tessera.catalyst;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** An expression over a list of children: the signatures that Scala 2.13 asks for. */
abstract class CatalystExpression extends Expression implements Serializable {
    private static final long serialVersionUID = 1;

    private final Seq<Expression> children;

    CatalystExpression(Seq<Expression> children) {
        this.children = children;
    }

    /** This expression over other children. */
    abstract Expression withChildren(Seq<Expression> newChildren);

    /** The children as a list of Java. */
    final List<Expression> inputs() {
        return ScalaInterop.list(children);
    }

    @Override
    public final Seq<Expression> children() {
        return children;
    }

    @Override
    public final Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
        return withChildren(newChildren);
    }
}
