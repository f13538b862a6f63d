package dev.tessera.cpu;

import dev.tessera.cpu.memory.Block;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.step.BoundPlan;
import java.util.List;

/**
 * A plan's row steps bound to sizes, the row-invariant slots they read (the others have no elements yet), and the memory
 * that only these sizes use.
 */
record BoundRows(BoundPlan plan, InvariantSlots invariants, List<Block> blocks) {
    BoundRows {
        blocks = List.copyOf(blocks);
    }

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
