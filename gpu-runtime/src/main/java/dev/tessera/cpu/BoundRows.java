package dev.tessera.cpu;

import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.step.BoundPlan;

/** A plan's row steps bound to sizes, and the row-invariant slots they read; the other slots have no elements yet. */
record BoundRows(BoundPlan plan, InvariantSlots invariants) {
    /** Elements by slot. Copied for every batch. */
    static final class InvariantSlots {
        private final Elements[] elements;

        InvariantSlots(Elements[] elements) {
            this.elements = elements;
        }

        Elements[] copy() {
            return elements.clone();
        }
    }
}
