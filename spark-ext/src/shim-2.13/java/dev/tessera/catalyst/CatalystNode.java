package dev.tessera.catalyst;

import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** A logical node with one child: the signatures that Scala 2.13 asks for. */
abstract class CatalystNode extends LogicalPlan implements UnaryNode {
    private final LogicalPlan child;

    CatalystNode(LogicalPlan child) {
        this.child = child;
    }

    @Override
    public final LogicalPlan child() {
        return child;
    }

    @Override
    public final Seq<LogicalPlan> children() {
        return ScalaInterop.seq(java.util.List.of(child));
    }

    @Override
    public final LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
        return withNewChildInternal(newChildren.head());
    }
}
