package dev.tessera.catalyst;

import dev.tessera.runtime.Receipt;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import scala.Option;

/** Reports what ran to the accumulator of a function, under the Spark execution it ran in. */
final class Receipts {
    private static final String EXECUTION_ID = "spark.sql.execution.id";
    private static final String DESCRIPTION = "spark.job.description";

    private Receipts() {}

    static void add(FunctionHandle function, Receipt receipt, long operatorBatches, long badRows) {
        ReceiptAccumulator receipts = function.receipts();
        if (receipts == null) {
            return;
        }
        String execution = property(EXECUTION_ID);
        String name = property(DESCRIPTION);
        receipts.add(new ExecutionReceipt(
                execution == null ? ExecutionReceipt.NO_EXECUTION : Long.parseLong(execution),
                name == null ? "" : name,
                receipt,
                operatorBatches,
                badRows));
    }

    private static @Nullable String property(String key) {
        TaskContext task = TaskContext.get();
        if (task != null) {
            return task.getLocalProperty(key);
        }
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        return active.isDefined() ? active.get().getLocalProperty(key) : null;
    }
}
