package dev.tessera.cpu.step;

import dev.tessera.plan.Scope;
import dev.tessera.tensor.DType;

/** A slot with its size known, in elements (of one row, if its scope is ROW). */
public record BoundSlot(Scope scope, DType dtype, long elementCount) {
    /** The bytes that this takes. */
    public long sizeInBytes() {
        return Math.multiplyExact(elementCount, dtype.widthInBytes());
    }
}
