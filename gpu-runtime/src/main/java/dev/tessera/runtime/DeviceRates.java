package dev.tessera.runtime;

import dev.tessera.plan.PlanCost;

/**
 * How fast a device is, seen from a task: nanoseconds of a batch that does nothing, of beginning a step, and of a byte, a
 * multiply-add and a scalar operation more.
 *
 * @param perBatch until the result of an empty batch is back
 * @param perStep a kernel's launch
 * @param perCopiedByte of inputs and outputs
 * @param perMultiplyAdd of float32 matrix products
 * @param perStreamedByte read or written by element-wise steps
 * @param perOperation of row programs, exponentials among them
 */
record DeviceRates(
        double perBatch,
        double perStep,
        double perCopiedByte,
        double perMultiplyAdd,
        double perStreamedByte,
        double perOperation) {
    /** The nanoseconds that a batch of so many rows is predicted to take, alone on the device. */
    double nanos(PlanCost cost, long rows) {
        return perBatch + cost.steps() * perStep + cost.invariantBytes() * perStreamedByte + rows * nanosPerRow(cost);
    }

    private double nanosPerRow(PlanCost cost) {
        return cost.copiedBytes() * perCopiedByte
                + cost.multiplyAdds() * perMultiplyAdd
                + cost.streamedBytes() * perStreamedByte
                + cost.operations() * perOperation;
    }
}
