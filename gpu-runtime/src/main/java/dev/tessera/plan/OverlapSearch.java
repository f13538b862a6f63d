package dev.tessera.plan;

/**
 * Decides whether two sets of elements meet, by the multiples of the largest stride that can bring them together, one
 * stride after the other. Bounded: it gives up on sets that take too long. Not thread-safe.
 */
final class OverlapSearch {
    private static final int MAX_VISITS_OF_PAIR = 1 << 12;
    private static final int MAX_VISITS = 1 << 22;

    private int visitsLeft = MAX_VISITS;
    private int visitsOfPairLeft;

    boolean meet(ElementSet left, ElementSet right) {
        visitsOfPairLeft = MAX_VISITS_OF_PAIR;
        return meet(left, right, Math.subtractExact(right.first(), left.first()));
    }

    /** Whether an element of {@code left} is one of {@code right}, if right began {@code distance} after left. */
    private boolean meet(ElementSet left, ElementSet right, long distance) {
        visitsLeft--;
        visitsOfPairLeft--;
        Refusal.require(
                visitsLeft >= 0 && visitsOfPairLeft >= 0,
                PlanCheck.OVERLAP,
                () -> "whether %s and %s meet takes too long to tell".formatted(left.axes(), right.axes()));
        if (distance > left.reach() || distance < -right.reach()) {
            return false;
        }
        if (left.axes().isEmpty() && right.axes().isEmpty()) {
            return true;
        }
        long stride = Math.max(largestStride(left), largestStride(right));
        boolean inLeft = largestStride(left) == stride;
        boolean inRight = largestStride(right) == stride;
        ElementSet leftRest = inLeft ? left.without(0) : left;
        ElementSet rightRest = inRight ? right.without(0) : right;
        long most = inLeft ? left.axes().get(0).length() - 1 : 0;
        long least = inRight ? 1 - right.axes().get(0).length() : 0;
        long from = Math.max(least, -Math.floorDiv(leftRest.reach() - distance, stride));
        long to = Math.min(most, Math.floorDiv(distance + rightRest.reach(), stride));
        for (long steps = from; steps <= to; steps++) {
            if (meet(leftRest, rightRest, distance - steps * stride)) {
                return true;
            }
        }
        return false;
    }

    private static long largestStride(ElementSet elements) {
        return elements.axes().isEmpty() ? 0 : elements.axes().get(0).stride();
    }
}
