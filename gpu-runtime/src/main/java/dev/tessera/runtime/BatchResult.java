package dev.tessera.runtime;

import dev.tessera.tensor.HostTensor;
import java.util.List;

/**
 * What a batch gave: one tensor [rows, ...] for each output in the plan's order, contiguous but for the row stride (0 for
 * a row-invariant output and for what the rows of this batch reduce to), and the rows that have no value. Depends on the
 * batch alone, not on those before it. Valid until the pending batch is closed.
 */
public record BatchResult(List<HostTensor> outputs, List<BadRow> badRows) {
    public BatchResult {
        outputs = List.copyOf(outputs);
        badRows = List.copyOf(badRows);
    }

    /** A row whose outputs are undefined, by its position in the batch, and why. */
    public record BadRow(int row, String reason) {}
}
