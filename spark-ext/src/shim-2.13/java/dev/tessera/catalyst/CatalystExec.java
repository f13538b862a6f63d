package dev.tessera.catalyst;

import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** A physical operator with one child: the signatures that Scala 2.13 asks for. */
abstract class CatalystExec extends SparkPlan implements UnaryExecNode {
    private static final long serialVersionUID = 1;

    private final SparkPlan child;

    CatalystExec(SparkPlan child) {
        this.child = child;
    }

    @Override
    public final SparkPlan child() {
        return child;
    }

    @Override
    public final Seq<SparkPlan> children() {
        return ScalaInterop.seq(java.util.List.of(child));
    }

    @Override
    public final SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
        return withNewChildInternal(newChildren.head());
    }
}
