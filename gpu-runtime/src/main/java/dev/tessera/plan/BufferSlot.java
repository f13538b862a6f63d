package dev.tessera.plan;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;

/**
 * A buffer that steps read and write: its scope, its dtype, and its size in elements (for one row, if its scope is
 * {@link Scope#ROW}). Values that are never alive together share a slot.
 */
public record BufferSlot(Scope scope, DType dtype, Dim elementCount) {
    /** The size in bytes (of one row, if the scope is ROW) as an expression of the dims. */
    public Dim sizeInBytes() {
        return elementCount.times(dtype.widthInBytes());
    }
}
