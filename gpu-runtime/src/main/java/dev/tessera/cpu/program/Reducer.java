package dev.tessera.cpu.program;

/** A reduction of the lanes of each group, over as many tiles as a row takes. */
interface Reducer {
    /** Forgets what was accumulated for the tile's groups. */
    void begin(Tile tile);

    /** Takes in the tile's lanes. */
    void accumulate(Tile tile);

    /** Stores the results of the tile's groups, {@code length} being the lanes of a whole row. */
    void finish(Tile tile, long length);
}
