package dev.tessera.codegen;

import dev.tessera.tensor.Dim;

/** Which sizes and offsets let four neighbours be loaded or stored at once. */
final class Fours {
    static final int COUNT = 4;

    private Fours() {}

    /** Whether a size is a multiple of four whatever its unknowns are. */
    static boolean areIn(Dim size) {
        return size.terms().stream().allMatch(term -> term.coefficient() % COUNT == 0);
    }

    /** Whether an operand's elements along an axis are neighbours, in fours that never straddle an index of other axes. */
    static boolean areAlong(Axes axes, int axis, int operand) {
        if (!axes.axis(axis).strides().get(operand).isKnown(1)) {
            return false;
        }
        for (int other = 0; other < axes.rank(); other++) {
            if (other != axis && !areIn(axes.axis(other).strides().get(operand))) {
                return false;
            }
        }
        return true;
    }

    /** The text of the four elements at an address. */
    static String at(String type, String address, boolean isRead) {
        return "*reinterpret_cast<%sFour<%s>*>(%s)".formatted(isRead ? "const " : "", type, address);
    }
}
