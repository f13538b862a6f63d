package dev.tessera.cuda;

import dev.tessera.cuda.kernel.BoundBatch;
import dev.tessera.runtime.BatchResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What kernels wrote about rows that have no value: two 64-bit integers each, the check that refused it and of what. */
final class RowStatus {
    static final long BYTES_PER_ROW = 2L * Long.BYTES;

    private RowStatus() {}

    static List<BatchResult.BadRow> badRows(ByteBuffer status, int rowCount, List<BoundBatch.Check> checks) {
        List<BatchResult.BadRow> badRows = new ArrayList<>();
        for (int row = 0; row < rowCount; row++) {
            int at = (int) (row * BYTES_PER_ROW);
            long check = status.getLong(at);
            if (check != 0) {
                String reason = reason(checks.get((int) check - 1), status.getLong(at + Long.BYTES));
                badRows.add(new BatchResult.BadRow(row, reason));
            }
        }
        return badRows;
    }

    static String reason(BoundBatch.Check check, long index) {
        return "index %d is out of range for an axis of size %d".formatted(index, check.axisSize());
    }
}
