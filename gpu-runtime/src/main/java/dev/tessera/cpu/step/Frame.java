package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.Elements;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the steps of one run see: how many rows there are, the elements of every slot, and the rows that went bad. */
public final class Frame {
    private final int rowCount;
    private final Elements[] slots;
    private final SortedMap<Integer, String> badRows = new TreeMap<>();

    /** A frame over {@code slots}, which stay the caller's. */
    public Frame(int rowCount, Elements[] slots) {
        this.rowCount = rowCount;
        this.slots = slots;
    }

    public int rowCount() {
        return rowCount;
    }

    public Elements slot(int index) {
        return slots[index];
    }

    /** Marks a row as one without a value. The first reason stands. */
    void markBad(int row, String reason) {
        badRows.putIfAbsent(row, reason);
    }

    /** The reasons of the rows without a value, in the order of the rows. */
    public SortedMap<Integer, String> badRows() {
        return badRows;
    }
}
