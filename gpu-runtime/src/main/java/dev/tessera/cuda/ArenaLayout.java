package dev.tessera.cuda;

import dev.tessera.cuda.kernel.WorkQueue;
import java.util.ArrayList;
import java.util.List;

/** Where the slots of a batch are in its one block of device memory; slots that are filled elsewhere are not in it. */
final class ArenaLayout {
    private static final long ALIGNMENT = 256;

    private final List<Long> offsets;
    private final long statusOffset;
    private final long sizeInBytes;

    private ArenaLayout(List<Long> offsets, long statusOffset, long sizeInBytes) {
        this.offsets = offsets;
        this.statusOffset = statusOffset;
        this.sizeInBytes = sizeInBytes;
    }

    /** The layout of slots of these sizes, but for those whose address is known, and of the rows' status, if any. */
    static ArenaLayout of(List<Long> slotBytes, List<Long> known, long statusBytes) {
        List<Long> offsets = new ArrayList<>();
        long size = 0;
        for (int slot = 0; slot < slotBytes.size(); slot++) {
            boolean isKnown = slot < known.size() && known.get(slot) != 0;
            offsets.add(isKnown ? -1 : size);
            size += isKnown ? 0 : aligned(slotBytes.get(slot));
        }
        return new ArenaLayout(offsets, statusBytes == 0 ? -1 : size, size + aligned(statusBytes));
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    long sizeInBytes() {
        return sizeInBytes;
    }

    WorkQueue.Addresses at(long address, List<Long> known) {
        List<Long> slots = new ArrayList<>();
        for (int slot = 0; slot < offsets.size(); slot++) {
            slots.add(offsets.get(slot) < 0 ? known.get(slot) : Long.valueOf(address + offsets.get(slot)));
        }
        return new WorkQueue.Addresses(slots, statusOffset < 0 ? 0 : address + statusOffset);
    }
}
