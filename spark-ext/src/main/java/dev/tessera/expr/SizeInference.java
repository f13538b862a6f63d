package dev.tessera.expr;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The size that a -1 stands for in {@code reshape}. */
final class SizeInference {
    private static final Dim REST = Dim.of(-1);

    private SizeInference() {}

    /** The shape that {@code x} is given, its one -1 filled in. */
    static Shape fill(Tensor x, List<Dim> dims) {
        int rest = dims.indexOf(REST);
        List<Dim> filled = new ArrayList<>(dims);
        if (rest >= 0) {
            filled.remove(rest);
            filled.add(rest, rest(x, filled, dims));
        }
        for (Dim dim : filled) {
            if (dim.isKnown() && dim.size() < 0) {
                throw error(x, dims, "a size is negative, or more than one is -1");
            }
        }
        Dim wanted = Shape.product(filled);
        Dim found = x.shape().elementCount();
        if (wanted.isKnown() && found.isKnown() && !wanted.equals(found)) {
            throw error(x, dims, "it has %s elements, not %s".formatted(found, wanted));
        }
        return new Shape(filled);
    }

    private static Dim rest(Tensor x, List<Dim> others, List<Dim> dims) {
        Dim total = x.shape().elementCount();
        Dim divisor = Shape.product(others);
        if (divisor.isKnown(0)) {
            throw error(x, dims, "-1 could be any size beside a size of 0");
        }
        if (divisor.isKnown() && divisor.size() < 0) {
            throw error(x, dims, "a size is negative, or more than one is -1");
        }
        if (total.isKnown() && divisor.isKnown()) {
            if (total.size() % divisor.size() != 0) {
                throw error(x, dims, "%s elements do not divide by %s".formatted(total, divisor));
            }
            return Dim.of(total.size() / divisor.size());
        }
        Dim quotient = divide(total, divisor);
        if (quotient == null) {
            throw error(x, dims, "%s elements do not divide by %s; give all sizes".formatted(total, divisor));
        }
        return quotient;
    }

    /** The quotient by a product of unknowns that every term has, then by what number is left; null if there is none. */
    private static @Nullable Dim divide(Dim total, Dim divisor) {
        if (divisor.terms().size() != 1) {
            return null;
        }
        Dim.Term by = divisor.terms().get(0);
        List<Dim.Term> terms = new ArrayList<>();
        for (Dim.Term term : total.terms()) {
            List<Dim.Atom> atoms = new ArrayList<>(term.atoms());
            for (Dim.Atom atom : by.atoms()) {
                if (!atoms.remove(atom)) {
                    return null;
                }
            }
            terms.add(new Dim.Term(term.coefficient(), atoms));
        }
        return by.coefficient() > 0 ? Dim.ofTerms(terms).floorDivide(by.coefficient()) : null;
    }

    private static TensorTypeException error(Tensor x, List<Dim> dims, String why) {
        return TypeErrors.of("reshape", List.of(x), "%s; asked for is the shape %s".formatted(why, dims));
    }
}
