package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.BadValueException;
import dev.tessera.catalyst.encoding.ColumnReader;
import dev.tessera.catalyst.encoding.InputEncoding;
import dev.tessera.compile.OnBadRow;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/**
 * One call in one Spark task: reads its columns, finds each row's shape, and says what becomes of rows that cannot be
 * evaluated. Used by one thread; closed by who made it, after the {@link CallRows} of its batches.
 */
final class CallTask implements AutoCloseable {
    private final CallTarget target;
    private final CallTypes types;
    private final int[] ordinals;
    private final String rowName;
    private final boolean hasOneShape;
    private final RowSizes rowSizes;
    private final Dim peakBytesPerRow;
    private final BackendTask task;
    private final ColumnReader[] readers;
    private final long[][] sizes;
    private long badRowCount;

    /** Opens a backend for a task. */
    @FunctionalInterface
    interface TaskOpener {
        BackendTask open(TaskSpec spec);
    }

    /**
     * Reads a call's columns at some ordinals of the rows.
     *
     * @param rowName what a row is to a reader of messages: "row" with its position in the partition
     */
    CallTask(CallTarget target, int[] ordinals, String rowName, TaskOpener opener) {
        TaskSpec spec = target.function().taskSpec();
        this.target = target;
        this.types = target.types();
        this.ordinals = ordinals.clone();
        this.rowName = rowName;
        this.hasOneShape = types.inputs().stream().allMatch(CallTask::hasKnownSizes);
        this.rowSizes = new RowSizes(spec.plan(), spec.parameters());
        this.peakBytesPerRow = spec.plan().peakBytesPerRow();
        this.readers = types.inputs().stream().map(InputEncoding::openReader).toArray(ColumnReader[]::new);
        this.sizes = types.inputs().stream()
                .map(input -> new long[input.type().rank()])
                .toArray(long[][]::new);
        this.task = opener.open(spec);
    }

    private static boolean hasKnownSizes(InputEncoding input) {
        return input.type().shape().dims().stream().allMatch(Dim::isKnown);
    }

    CallTypes types() {
        return types;
    }

    FunctionHandle function() {
        return target.function();
    }

    /** Whether all rows that can be read have the same sizes. */
    boolean hasOneShape() {
        return hasOneShape;
    }

    /** How many batches may usefully be pending at once. */
    int pipelineDepth() {
        return task.pipelineDepth();
    }

    Receipt receipt() {
        return task.receipt();
    }

    long badRowCount() {
        return badRowCount;
    }

    /** The readers of the columns, in order, each at the value that {@link #locate} found. */
    ColumnReader[] readers() {
        return readers;
    }

    /** The sizes of the columns' values, in order, that {@link #locate} found. */
    long[][] sizes() {
        return sizes;
    }

    boolean hasNull(SpecializedGetters row) {
        for (int ordinal : ordinals) {
            if (row.isNullAt(ordinal)) {
                return true;
            }
        }
        return false;
    }

    /** Finds the values of a row without nulls; false if they cannot be evaluated and its result is to be null. */
    boolean locate(SpecializedGetters row, long position) {
        for (int i = 0; i < ordinals.length; i++) {
            try {
                readers[i].locate(row, ordinals[i], sizes[i]);
            } catch (BadValueException e) {
                tolerate(position, "column %s has %s".formatted(target.columns().get(i), e.found()), e.expected());
                return false;
            }
        }
        return true;
    }

    /**
     * A group of rows of the sizes last located, at most {@code maxRows}.
     *
     * @throws BadValueException if the plan cannot run with these sizes
     */
    ShapeGroup openGroup(int maxRows) {
        List<long[]> copies = Arrays.stream(sizes).map(long[]::clone).toList();
        DimBinding dims = rowSizes.bind(copies);
        ShapeGroup.RowShape shape = new ShapeGroup.RowShape(dims, copies, peakBytesPerRow.evaluate(dims));
        return new ShapeGroup(task, shape, types.inputs(), maxRows);
    }

    /**
     * Counts a row that cannot be evaluated.
     *
     * @param position the row's, in its partition
     * @throws TensorRowException if the function is not to tolerate it
     */
    void tolerate(long position, String found, String expected) {
        if (target.function().onBadRow() == OnBadRow.FAIL) {
            throw new TensorRowException(
                    "Cannot evaluate %s for %s %d of partition %d: %s, expected %s; mend or filter the row, or compile with onBadRow = NULL"
                            .formatted(
                                    target.function().expression(),
                                    rowName,
                                    position,
                                    TaskContext.getPartitionId(),
                                    found,
                                    expected));
        }
        badRowCount++;
    }

    @Override
    public void close() {
        task.close();
    }
}
