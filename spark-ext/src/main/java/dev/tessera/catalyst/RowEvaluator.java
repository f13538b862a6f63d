package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.ColumnWriter;
import dev.tessera.plugin.RuntimeHolder;
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
    private @Nullable CallRows rows;
    private long evaluatedCount;

    private RowEvaluator(CallTarget target, @Nullable TaskContext task) {
        this.target = target;
        this.task = task;
    }

    static RowEvaluator open(CallTarget target) {
        TaskContext task = TaskContext.get();
        RowEvaluator evaluator = new RowEvaluator(target, task);
        if (task != null) {
            task.addTaskCompletionListener((TaskCompletionListener) ended -> evaluator.close());
            evaluator.openRows();
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
            return evaluate(openRows(), values);
        }
        try {
            return evaluate(openRows(), values);
        } finally {
            close();
        }
    }

    private CallRows openRows() {
        CallRows open = rows;
        if (open == null) {
            int[] ordinals = new int[target.columns().size()];
            for (int i = 0; i < ordinals.length; i++) {
                ordinals[i] = i;
            }
            CallTask.TaskOpener opener = task == null ? RuntimeHolder::openOnDriver : RuntimeHolder::openTask;
            open = new CallRows(new CallTask(target, ordinals, "evaluated row", opener), 1);
            rows = open;
        }
        return open;
    }

    private @Nullable Object evaluate(CallRows rows, @Nullable Object[] values) {
        rows.clear();
        rows.startAt(evaluatedCount++);
        rows.add(new GenericInternalRow(values));
        rows.submit();
        rows.await();
        return rows.isNull(0) ? null : value(rows);
    }

    private static Object value(CallRows rows) {
        ColumnWriter[] writers = rows.writers(0);
        if (!rows.call().types().isStruct()) {
            return writers[0].value(rows.position(0));
        }
        Object[] fields = new Object[writers.length];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = writers[i].value(rows.position(0));
        }
        return new GenericInternalRow(fields);
    }

    private void close() {
        CallRows open = rows;
        rows = null;
        if (open != null) {
            CallTask call = open.call();
            Closing closing = new Closing();
            closing.add(open::close);
            closing.add(() -> Receipts.add(target.function(), call.receipt(), 0, call.badRowCount()));
            closing.add(call::close);
            closing.finish();
        }
    }
}
