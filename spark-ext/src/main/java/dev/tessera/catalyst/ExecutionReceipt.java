package dev.tessera.catalyst;

import dev.tessera.runtime.Receipt;
import java.io.Serializable;

/**
 * What ran of Tessera in one Spark execution.
 *
 * @param executionId Spark's number of the execution, {@link #NO_EXECUTION} for work outside one
 * @param name the job description it ran under, or an empty text
 * @param receipt what the devices ran in batches and row by row together
 * @param operatorBatches the batches of the operator; the others of {@code receipt} were single rows
 * @param badRows the rows that became null because they could not be evaluated
 */
public record ExecutionReceipt(long executionId, String name, Receipt receipt, long operatorBatches, long badRows)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** The number of work that belongs to no execution: constants that Spark evaluates while it plans. */
    public static final long NO_EXECUTION = -1;

    /** Both together, under this number. */
    public ExecutionReceipt plus(ExecutionReceipt other) {
        return new ExecutionReceipt(
                executionId,
                name.isEmpty() ? other.name : name,
                receipt.plus(other.receipt),
                operatorBatches + other.operatorBatches,
                badRows + other.badRows);
    }
}
