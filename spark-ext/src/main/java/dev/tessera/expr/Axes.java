package dev.tessera.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The axes that a word works along: all of a tensor's, or those listed, a negative one counted from the end. Immutable. */
public final class Axes {
    /** NumPy's {@code axis=None}. */
    public static final Axes ALL = new Axes(true, List.of());

    private final boolean isAll;
    private final List<Integer> listed;

    private Axes(boolean isAll, List<Integer> listed) {
        this.isAll = isAll;
        this.listed = List.copyOf(listed);
    }

    /** These axes, or none of a tensor's for an empty list, as NumPy's {@code axis=()}. */
    public static Axes of(int... axes) {
        return new Axes(false, Arrays.stream(axes).boxed().toList());
    }

    /** These axes, or none of a tensor's for an empty list, as NumPy's {@code axis=()}. */
    public static Axes of(List<Integer> axes) {
        return new Axes(false, axes);
    }

    /** These axes, or all of a tensor's for an empty list: what a varargs call without axes means. */
    static Axes allIfEmpty(int... axes) {
        return axes.length == 0 ? ALL : of(axes);
    }

    public boolean isAll() {
        return isAll;
    }

    /** The axes of a tensor of {@code rank} that these are, ascending. */
    List<Integer> resolve(String word, Tensor x) {
        if (isAll) {
            return IntStream.range(0, x.rank()).boxed().toList();
        }
        return ascending(resolve(word, x, listed, x.rank()));
    }

    /** The axes listed, none negative, in the order given. */
    static List<Integer> resolve(String word, Tensor x, List<Integer> axes, int rank) {
        List<Integer> resolved = new ArrayList<>();
        for (int axis : axes) {
            int positive = resolve(word, x, axis, rank);
            if (resolved.contains(positive)) {
                throw new TensorTypeException("Cannot apply %s to %s: axis %d is given twice in %s"
                        .formatted(word, x.type(), positive, tuple(axes)));
            }
            resolved.add(positive);
        }
        return resolved;
    }

    /** An axis of {@code x}, never negative. */
    static int resolve(String word, Tensor x, int axis) {
        return resolve(word, x, axis, x.rank());
    }

    private static int resolve(String word, Tensor x, int axis, int rank) {
        if (axis < -rank || axis >= rank) {
            String range = rank == 0 ? "a scalar has no axes" : "use %d to %d".formatted(-rank, rank - 1);
            throw new TensorTypeException("Cannot apply %s to %s: axis %d is out of range; %s, in %s"
                    .formatted(word, x.type(), axis, range, ExpressionText.of(x)));
        }
        return axis < 0 ? axis + rank : axis;
    }

    private static List<Integer> ascending(List<Integer> axes) {
        return List.copyOf(new TreeSet<>(axes));
    }

    private static String tuple(List<Integer> axes) {
        return axes.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Axes that && isAll == that.isAll && listed.equals(that.listed);
    }

    @Override
    public int hashCode() {
        return isAll ? 1 : listed.hashCode();
    }

    @Override
    public String toString() {
        return isAll ? "all" : tuple(listed);
    }
}
