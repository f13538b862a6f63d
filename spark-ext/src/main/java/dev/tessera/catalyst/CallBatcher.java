package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.BadValueException;
import dev.tessera.catalyst.encoding.ColumnReader;
import dev.tessera.catalyst.encoding.ColumnWriter;
import dev.tessera.catalyst.encoding.InputEncoding;
import dev.tessera.compile.OnBadRow;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/**
 * One call's side of a batch of rows: reads its columns, groups rows by shape, runs each group, and finds each row's
 * result again. Used by one thread; closed by who made it, which frees all its memory.
 */
final class CallBatcher implements AutoCloseable {
    private static final int NO_RESULT = -1;
    // Groups whose shape has not come up in a batch are dropped beyond this number.
    private static final int MAX_IDLE_GROUPS = 8;

    private final CallTarget target;
    private final CallTypes types;
    private final int[] ordinals;
    private final int maxRows;
    private final String rowName;
    private final RowSizes rowSizes;
    private final Dim peakBytesPerRow;
    private final BackendTask task;
    private final List<ColumnReader> readers = new ArrayList<>();
    private final List<long[]> sizes = new ArrayList<>();
    private final List<ShapeGroup> groups = new ArrayList<>();
    private int[] groupOfRow;
    private int[] positionInGroup;
    private int rowCount;
    private int lastGroup;
    private long rowsBefore;
    private long bytes;
    private long badRowCount;

    /**
     * Reads a call's columns at some ordinals of the rows; takes at most {@code maxRows} in a batch.
     *
     * @param rowName what a row is to a reader of messages: "row" with its position in the partition
     */
    CallBatcher(CallTarget target, int[] ordinals, int maxRows, String rowName, TaskOpener opener) {
        TaskSpec spec = target.function().taskSpec();
        this.target = target;
        this.types = target.types();
        this.ordinals = ordinals.clone();
        this.rowName = rowName;
        this.maxRows = maxRows;
        this.rowSizes = new RowSizes(spec.plan(), spec.parameters());
        this.peakBytesPerRow = spec.plan().peakBytesPerRow();
        this.groupOfRow = new int[Math.min(maxRows, 64)];
        this.positionInGroup = new int[groupOfRow.length];
        for (InputEncoding input : types.inputs()) {
            readers.add(input.openReader());
            sizes.add(new long[input.type().rank()]);
        }
        this.task = opener.open(spec);
    }

    /** Opens a backend for a task. */
    @FunctionalInterface
    interface TaskOpener {
        BackendTask open(TaskSpec spec);
    }

    CallTypes types() {
        return types;
    }

    FunctionHandle function() {
        return target.function();
    }

    /** The bytes that the rows of this batch take, with what it takes to evaluate them. */
    long bytes() {
        return bytes;
    }

    Receipt receipt() {
        return task.receipt();
    }

    long badRowCount() {
        return badRowCount;
    }

    /** Adds a row. Null in a column gives no result; so does a bad row if the function says so. */
    void add(SpecializedGetters row) {
        if (rowCount == groupOfRow.length) {
            int grown = Math.min(maxRows, 2 * rowCount);
            groupOfRow = Arrays.copyOf(groupOfRow, grown);
            positionInGroup = Arrays.copyOf(positionInGroup, grown);
        }
        groupOfRow[rowCount] = NO_RESULT;
        if (!hasNull(row)) {
            int group = locate(row);
            if (group != NO_RESULT) {
                positionInGroup[rowCount] = groups.get(group).append(readers);
                groupOfRow[rowCount] = group;
            }
        }
        rowCount++;
    }

    private boolean hasNull(SpecializedGetters row) {
        for (int ordinal : ordinals) {
            if (row.isNullAt(ordinal)) {
                return true;
            }
        }
        return false;
    }

    /** The group of a row's shape, or that it has none. */
    private int locate(SpecializedGetters row) {
        for (int i = 0; i < ordinals.length; i++) {
            try {
                readers.get(i).locate(row, ordinals[i], sizes.get(i));
            } catch (BadValueException e) {
                return bad(
                        rowCount, "column %s has %s".formatted(target.columns().get(i), e.found()), e.expected());
            }
        }
        if (lastGroup < groups.size() && groups.get(lastGroup).hasSizes(sizes)) {
            return counted(lastGroup);
        }
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).hasSizes(sizes)) {
                return counted(i);
            }
        }
        try {
            DimBinding dims = rowSizes.bind(sizes);
            groups.add(new ShapeGroup(
                    task,
                    new ShapeGroup.RowShape(dims, List.copyOf(copies(sizes)), peakBytesPerRow.evaluate(dims)),
                    types.inputs(),
                    maxRows));
            return counted(groups.size() - 1);
        } catch (BadValueException e) {
            return bad(rowCount, "its columns have " + e.found(), e.expected());
        }
    }

    private int counted(int group) {
        lastGroup = group;
        bytes += groups.get(group).peakBytesPerRow();
        return group;
    }

    private static List<long[]> copies(List<long[]> sizes) {
        return sizes.stream().map(long[]::clone).toList();
    }

    private int bad(int row, String found, String expected) {
        if (target.function().onBadRow() == OnBadRow.FAIL) {
            throw new TensorRowException(
                    "Cannot evaluate %s for %s %d of partition %d: %s, expected %s; mend or filter the row, or compile with onBadRow = NULL"
                            .formatted(
                                    target.function().expression(),
                                    rowName,
                                    rowsBefore + row,
                                    TaskContext.getPartitionId(),
                                    found,
                                    expected));
        }
        badRowCount++;
        return NO_RESULT;
    }

    /** Runs the rows that were added. */
    void run() {
        for (ShapeGroup group : groups) {
            if (group.rowCount() > 0) {
                group.submit();
            }
        }
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).rowCount() > 0) {
                dropBadRows(i, groups.get(i).await(types.outputs()));
            }
        }
    }

    private void dropBadRows(int group, BatchResult result) {
        for (BatchResult.BadRow bad : result.badRows()) {
            for (int row = 0; row < rowCount; row++) {
                if (groupOfRow[row] == group && positionInGroup[row] == bad.row()) {
                    groupOfRow[row] = bad(row, bad.reason(), "a value for every element");
                }
            }
        }
    }

    /** Whether a row of the batch has no result. */
    boolean isNull(int row) {
        return groupOfRow[row] == NO_RESULT;
    }

    /** The writers of a row's outputs; the row is at {@link #position} in their batch. */
    List<ColumnWriter> writers(int row) {
        return groups.get(groupOfRow[row]).writers();
    }

    int position(int row) {
        return positionInGroup[row];
    }

    /** Forgets the rows; keeps the memory for the next batch, but not that of many shapes. */
    void clear() {
        rowsBefore += rowCount;
        rowCount = 0;
        bytes = 0;
        boolean keepsIdle = groups.size() <= MAX_IDLE_GROUPS;
        for (int i = groups.size() - 1; i >= 0; i--) {
            ShapeGroup group = groups.get(i);
            if (keepsIdle) {
                group.clear();
            } else {
                groups.remove(i);
                group.close();
            }
        }
        lastGroup = 0;
    }

    @Override
    public void close() {
        groups.forEach(ShapeGroup::close);
        groups.clear();
        task.close();
    }
}
