package dev.tessera.runtime;

import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.List;

/**
 * Rows of one shape to evaluate: how many, the sizes of the plan's unknown dims, and one tensor [rows, ...] for each row
 * input in the plan's order. The storage stays valid and unchanged until the result is back, so that the batch can be
 * run again, in halves or on another device.
 */
public record Batch(int rowCount, DimBinding dims, List<HostTensor> inputs) {
    public Batch {
        inputs = List.copyOf(inputs);
    }
}
