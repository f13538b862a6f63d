package dev.tessera.plan;

import java.util.List;

/** How long the values of a slot hold. */
public enum Scope {
    /** Fixed in the plan: an embedded constant, or computed from constants only. */
    CONSTANT(1),
    /** Bound when the function is called: a parameter, or computed from parameters and constants only. */
    PARAMETER(2),
    /** One value per row of a batch. */
    ROW(3),
    /** One value per batch, into which its rows are reduced. */
    ACCUMULATOR(4);

    // A reader asks for one of them for each word of hostile bytes: values() would copy them all each time.
    private static final List<Scope> VALUES = List.of(values());

    private final int wireCode;

    Scope(int wireCode) {
        this.wireCode = wireCode;
    }

    public int wireCode() {
        return wireCode;
    }

    /** Whether the value is the same for every row. */
    public boolean isRowInvariant() {
        return this == CONSTANT || this == PARAMETER;
    }

    /**
     * The scope of a wire code.
     *
     * @throws IllegalArgumentException if no scope has this code
     */
    public static Scope ofWireCode(int wireCode) {
        for (int i = 0; i < VALUES.size(); i++) {
            Scope scope = VALUES.get(i);
            if (scope.wireCode == wireCode) {
                return scope;
            }
        }
        throw new IllegalArgumentException("Cannot read scope: unknown code " + wireCode);
    }
}
