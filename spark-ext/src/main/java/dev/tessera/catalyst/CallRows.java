package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.BadValueException;
import dev.tessera.catalyst.encoding.ColumnWriter;
import dev.tessera.runtime.BatchResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/**
 * One call's side of one batch of rows: groups rows by shape, runs each group, and finds each row's result again. Used by
 * one thread, batch after batch; closed by who made it, which frees all its memory, whatever state its groups are in.
 */
final class CallRows implements AutoCloseable {
    private static final int NO_RESULT = -1;
    private static final int FIRST_ROWS = 64;
    // Groups whose shape has not come up in a batch are dropped beyond this number.
    private static final int MAX_IDLE_GROUPS = 8;

    private final CallTask call;
    private final int maxRows;
    private final List<ShapeGroup> groups = new ArrayList<>();
    private int[] groupOfRow;
    private int[] positionInGroup;
    private int rowCount;
    private int lastGroup;
    private long firstRow;
    private long bytes;
    private boolean isFull;

    /** Rows of a call, at most {@code maxRows} at a time. */
    CallRows(CallTask call, int maxRows) {
        this.call = call;
        this.maxRows = maxRows;
        this.groupOfRow = new int[Math.min(maxRows, FIRST_ROWS)];
        this.positionInGroup = new int[groupOfRow.length];
    }

    CallTask call() {
        return call;
    }

    /** The bytes that the rows of this batch take, with what it takes to evaluate them. */
    long bytes() {
        return bytes;
    }

    /** Whether a group has no room for a further row. */
    boolean isFull() {
        return isFull;
    }

    /** Says which row of the partition the first of this batch is. */
    void startAt(long row) {
        firstRow = row;
    }

    /** Adds a row. Null in a column gives no result; so does a bad row if the function says so. */
    void add(SpecializedGetters row) {
        if (rowCount == groupOfRow.length) {
            int grown = (int) Math.min(maxRows, 2L * rowCount);
            groupOfRow = Arrays.copyOf(groupOfRow, grown);
            positionInGroup = Arrays.copyOf(positionInGroup, grown);
        }
        int found = NO_RESULT;
        if (!call.hasNull(row) && call.locate(row, firstRow + rowCount)) {
            found = group();
            if (found != NO_RESULT) {
                ShapeGroup group = groups.get(found);
                positionInGroup[rowCount] = group.append(call.readers());
                bytes += group.peakBytesPerRow();
                isFull |= group.isFull();
            }
        }
        groupOfRow[rowCount++] = found;
    }

    /** The group of the sizes last located, or that the plan cannot run with them. */
    private int group() {
        boolean isKnown = lastGroup < groups.size();
        if (isKnown && (call.hasOneShape() || groups.get(lastGroup).hasSizes(call.sizes()))) {
            return lastGroup;
        }
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).hasSizes(call.sizes())) {
                lastGroup = i;
                return i;
            }
        }
        try {
            groups.add(call.openGroup(maxRows));
            lastGroup = groups.size() - 1;
            return lastGroup;
        } catch (BadValueException e) {
            call.tolerate(firstRow + rowCount, "its columns have " + e.found(), e.expected());
            return NO_RESULT;
        }
    }

    /** Starts the rows that were added. */
    void submit() {
        for (ShapeGroup group : groups) {
            if (group.rowCount() > 0) {
                group.submit();
            }
        }
    }

    /** Waits for the rows that were started. */
    void await() {
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).rowCount() > 0) {
                dropBadRows(i, groups.get(i).await(call.types().outputs()));
            }
        }
    }

    private void dropBadRows(int group, BatchResult result) {
        if (result.badRows().isEmpty()) {
            return;
        }
        int[] rowAt = new int[groups.get(group).rowCount()];
        for (int row = 0; row < rowCount; row++) {
            if (groupOfRow[row] == group) {
                rowAt[positionInGroup[row]] = row;
            }
        }
        for (BatchResult.BadRow bad : result.badRows()) {
            int row = rowAt[bad.row()];
            call.tolerate(firstRow + row, bad.reason(), "a value for every element");
            groupOfRow[row] = NO_RESULT;
        }
    }

    /** Whether a row of the batch has no result. */
    boolean isNull(int row) {
        return groupOfRow[row] == NO_RESULT;
    }

    /** The writers of a row's outputs; the row is at {@link #position} in their batch. */
    ColumnWriter[] writers(int row) {
        return groups.get(groupOfRow[row]).writers();
    }

    int position(int row) {
        return positionInGroup[row];
    }

    /** Forgets the rows; keeps the memory for the next batch, but not that of many shapes. */
    void clear() {
        rowCount = 0;
        bytes = 0;
        isFull = false;
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

    /** Idempotent; the first failure to free a group does not keep the others from being freed. */
    @Override
    public void close() {
        Closing closing = new Closing();
        groups.forEach(group -> closing.add(group::close));
        groups.clear();
        closing.finish();
    }
}
