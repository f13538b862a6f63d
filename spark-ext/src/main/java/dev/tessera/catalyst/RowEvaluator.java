package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.ColumnWriter;
import dev.tessera.plugin.RuntimeHolder;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a call row by row. In a Spark task it stays open until the task ends; on the driver it is closed after each
 * row, because nobody tells when Spark's planner is done. Used by one thread.
 */
final class RowEvaluator {
    private final CallTarget target;
    private final @Nullable TaskContext task;
    private @Nullable CallBatcher batcher;

    private RowEvaluator(CallTarget target, @Nullable TaskContext task) {
        this.target = target;
        this.task = task;
    }

    static RowEvaluator open(CallTarget target) {
        TaskContext task = TaskContext.get();
        RowEvaluator evaluator = new RowEvaluator(target, task);
        if (task != null) {
            task.addTaskCompletionListener((TaskCompletionListener) ended -> evaluator.close());
            evaluator.openBatcher();
        }
        return evaluator;
    }

    /** Whether this was opened by the task that asks, or on the driver by a driver that asks. */
    boolean isOpenHere() {
        return task == TaskContext.get();
    }

    @Nullable
    Object evaluate(@Nullable Object[] values) {
        if (task != null) {
            return evaluate(openBatcher(), values);
        }
        try {
            return evaluate(openBatcher(), values);
        } finally {
            close();
        }
    }

    private CallBatcher openBatcher() {
        CallBatcher open = batcher;
        if (open == null) {
            int[] ordinals = new int[target.columns().size()];
            for (int i = 0; i < ordinals.length; i++) {
                ordinals[i] = i;
            }
            open = new CallBatcher(target, ordinals, 1, "evaluated row", RuntimeHolder::openTask);
            batcher = open;
        }
        return open;
    }

    private static @Nullable Object evaluate(CallBatcher batcher, @Nullable Object[] values) {
        batcher.clear();
        batcher.add(new GenericInternalRow(values));
        batcher.run();
        return batcher.isNull(0) ? null : value(batcher);
    }

    private static Object value(CallBatcher batcher) {
        List<ColumnWriter> writers = batcher.writers(0);
        if (!batcher.types().isStruct()) {
            return writers.get(0).value(batcher.position(0));
        }
        Object[] fields = new Object[writers.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = writers.get(i).value(batcher.position(0));
        }
        return new GenericInternalRow(fields);
    }

    private void close() {
        CallBatcher open = batcher;
        batcher = null;
        if (open != null) {
            try {
                Receipts.add(target.function(), open.receipt(), 0, open.badRowCount());
            } finally {
                open.close();
            }
        }
    }
}
