package dev.tessera.plan;

import dev.tessera.tensor.Dim;

/** What the form of a dim says of its sign, whatever sizes its unknowns have. A size is never negative. */
final class SymbolicSign {
    private SymbolicSign() {}

    /** Whether no binding makes this negative; false if that cannot be told. */
    static boolean isNeverNegative(Dim dim) {
        for (Dim.Term term : dim.terms()) {
            if (term.coefficient() < 0) {
                return false;
            }
            for (Dim.Atom atom : term.atoms()) {
                if (atom instanceof Dim.Call call && !isNeverNegative(call)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isNeverNegative(Dim.Call call) {
        boolean left = isNeverNegative(call.left());
        boolean right = isNeverNegative(call.right());
        return switch (call.function()) {
            case FLOOR_DIVIDE, MINIMUM -> left && right;
            case MAXIMUM -> left || right;
        };
    }

    /** Whether no binding makes these equal; false if that cannot be told. */
    static boolean differ(Dim left, Dim right) {
        try {
            Dim difference = left.minus(right);
            return difference.isKnown() && difference.size() != 0;
        } catch (ArithmeticException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether every binding takes a view out of a slot of {@code elementCount}; false if that cannot be told. */
    static boolean leaves(Operand view, Dim elementCount) {
        try {
            return reachesOutOf(view, elementCount);
        } catch (ArithmeticException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean reachesOutOf(Operand view, Dim elementCount) {
        Dim first = view.offset();
        Dim last = view.offset();
        if (view.dims().stream().anyMatch(dim -> dim.isKnown(0))) {
            return false;
        }
        for (int axis = 0; axis < view.rank(); axis++) {
            Dim stride = view.strides().get(axis);
            Dim reach = view.dims().get(axis).plus(-1).times(stride);
            if (isNeverNegative(stride)) {
                last = last.plus(reach);
            } else if (isNeverNegative(stride.times(-1))) {
                first = first.plus(reach);
            } else {
                return false;
            }
        }
        return isNeverNegative(last.minus(elementCount))
                || isNeverNegative(first.times(-1).plus(-1));
    }
}
