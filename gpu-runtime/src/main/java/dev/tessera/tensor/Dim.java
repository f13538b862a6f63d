package dev.tessera.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A size along an axis: a number, a named unknown, or an expression over named unknowns, known once a row is seen.
 *
 * <p>Kept as a polynomial in canonical form, so that two dims are equal exactly when their forms are: {@code n + n}
 * equals {@code 2*n}. Immutable. Terms are bounded by {@link #MAX_TERMS}.
 */
public final class Dim {
    /** The most terms that one dim may have, so that hostile or runaway expressions stay small. */
    public static final int MAX_TERMS = 64;

    /** The longest canonical text that one dim may have. */
    public static final int MAX_TEXT_LENGTH = 4096;

    /** The longest name of an unknown. */
    public static final int MAX_NAME_LENGTH = 255;

    private static final Comparator<String> CONSTANT_LAST =
            Comparator.<String, Boolean>comparing(String::isEmpty).thenComparing(Comparator.naturalOrder());

    public static final Dim ZERO = new Dim(List.of(), "0");
    public static final Dim ONE = of(1);

    /** What a term multiplies: a named unknown, or a function of dims that is not a polynomial. */
    public sealed interface Atom permits Named, Call {
        String text();
    }

    /** A named unknown. */
    public record Named(String text) implements Atom {
        public Named {
            boolean valid = !text.isEmpty()
                    && text.length() <= MAX_NAME_LENGTH
                    && Character.isJavaIdentifierStart(text.charAt(0));
            for (int i = 1; valid && i < text.length(); i++) {
                valid = Character.isJavaIdentifierPart(text.charAt(i));
            }
            if (!valid) {
                throw new IllegalArgumentException("Cannot name a dim '%s': use letters, digits and _".formatted(text));
            }
        }
    }

    /** A function of two dims, equal where its text is. Not a record because its text, which may be long, is kept. */
    public static final class Call implements Atom {
        private final Function function;
        private final Dim left;
        private final Dim right;
        private final String text;

        private Call(Function function, Dim left, Dim right) {
            this.function = function;
            this.left = left;
            this.right = right;
            this.text = function.text + "(" + left.text + ", " + right.text + ")";
        }

        public Function function() {
            return function;
        }

        public Dim left() {
            return left;
        }

        public Dim right() {
            return right;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Call that && text.equals(that.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A function of two dims that is not a polynomial. */
    public enum Function {
        FLOOR_DIVIDE(1, "floordiv"),
        MAXIMUM(2, "max"),
        MINIMUM(3, "min");

        private final int wireCode;
        private final String text;

        Function(int wireCode, String text) {
            this.wireCode = wireCode;
            this.text = text;
        }

        /** The stable code of this function in plans and saved graphs. */
        public int wireCode() {
            return wireCode;
        }

        /**
         * The function of a wire code.
         *
         * @throws IllegalArgumentException if no function has this code
         */
        public static Function ofWireCode(int wireCode) {
            for (Function function : values()) {
                if (function.wireCode == wireCode) {
                    return function;
                }
            }
            throw new IllegalArgumentException("Cannot read function of dims: unknown code " + wireCode);
        }

        long apply(long left, long right) {
            return switch (this) {
                case FLOOR_DIVIDE -> right == -1 ? Math.negateExact(left) : Math.floorDiv(left, right);
                case MAXIMUM -> Math.max(left, right);
                case MINIMUM -> Math.min(left, right);
            };
        }

        private boolean isExtremum() {
            return this != FLOOR_DIVIDE;
        }
    }

    /** A coefficient times a product of atoms; no atoms for a constant. */
    public record Term(long coefficient, List<Atom> atoms) {
        public Term {
            atoms = List.copyOf(atoms);
        }

        private String key() {
            if (atoms.isEmpty()) {
                return "";
            }
            if (atoms.size() == 1) {
                return atoms.get(0).text();
            }
            return atoms.stream().map(Atom::text).collect(Collectors.joining("*"));
        }

        private Term sorted() {
            if (atoms.size() < 2) {
                return this;
            }
            return new Term(
                    coefficient,
                    atoms.stream().sorted(Comparator.comparing(Atom::text)).toList());
        }

        private Term plus(Term other) {
            return new Term(Math.addExact(coefficient, other.coefficient), atoms);
        }
    }

    private final List<Term> terms;
    private final String text;

    private Dim(List<Term> terms, String text) {
        this.terms = terms;
        this.text = text;
        if (terms.size() > MAX_TERMS || text.length() > MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException(
                    "Cannot build dim: %d terms in %d characters; a dim has at most %d terms in %d characters"
                            .formatted(terms.size(), text.length(), MAX_TERMS, MAX_TEXT_LENGTH));
        }
    }

    /** A known size. May be negative inside an expression, never as the size of an axis. */
    public static Dim of(long size) {
        return size == 0 ? ZERO : new Dim(List.of(new Term(size, List.of())), Long.toString(size));
    }

    /**
     * A named unknown.
     *
     * @throws IllegalArgumentException if the name is not a Java-style identifier
     */
    public static Dim named(String name) {
        return new Dim(List.of(new Term(1, List.of(new Named(name)))), name);
    }

    /** The canonical form of the sum of {@code terms}; what a reader of saved dims calls. */
    public static Dim ofTerms(List<Term> terms) {
        Map<String, Term> byKey = new TreeMap<>(CONSTANT_LAST);
        for (Term term : terms) {
            Term sorted = term.sorted();
            byKey.merge(sorted.key(), sorted, Term::plus);
        }
        List<Term> kept = new ArrayList<>(byKey.size());
        StringBuilder text = new StringBuilder();
        byKey.forEach((key, term) -> {
            if (term.coefficient() != 0) {
                kept.add(term);
                appendTerm(text, term.coefficient(), key);
            }
        });
        return kept.isEmpty() ? ZERO : new Dim(List.copyOf(kept), text.toString());
    }

    private static void appendTerm(StringBuilder text, long coefficient, String key) {
        if (text.length() > 0) {
            text.append(" + ");
        }
        if (key.isEmpty() || coefficient != 1) {
            text.append(coefficient);
        }
        if (!key.isEmpty()) {
            text.append(coefficient == 1 ? "" : "*").append(key);
        }
    }

    public Dim plus(Dim other) {
        List<Term> all = new ArrayList<>(terms);
        all.addAll(other.terms);
        return ofTerms(all);
    }

    public Dim plus(long other) {
        return plus(of(other));
    }

    public Dim minus(Dim other) {
        return plus(other.times(of(-1)));
    }

    public Dim times(Dim other) {
        List<Term> products = new ArrayList<>();
        for (Term a : terms) {
            for (Term b : other.terms) {
                List<Atom> atoms = new ArrayList<>(a.atoms());
                atoms.addAll(b.atoms());
                products.add(new Term(Math.multiplyExact(a.coefficient(), b.coefficient()), atoms));
            }
        }
        return ofTerms(products);
    }

    public Dim times(long other) {
        return times(of(other));
    }

    /** This divided by {@code divisor}, rounded down; exact division of every term stays a polynomial. */
    public Dim floorDivide(long divisor) {
        if (divisor <= 0) {
            throw new IllegalArgumentException("Cannot divide dim %s by %d: must be positive".formatted(this, divisor));
        }
        if (terms.stream().allMatch(t -> t.coefficient() % divisor == 0)) {
            return ofTerms(terms.stream()
                    .map(t -> new Term(t.coefficient() / divisor, t.atoms()))
                    .toList());
        }
        return call(Function.FLOOR_DIVIDE, this, of(divisor));
    }

    /** This divided by {@code divisor}, rounded up. */
    public Dim ceilDivide(long divisor) {
        return plus(divisor - 1).floorDivide(divisor);
    }

    public static Dim max(Dim left, Dim right) {
        return call(Function.MAXIMUM, left, right);
    }

    public static Dim min(Dim left, Dim right) {
        return call(Function.MINIMUM, left, right);
    }

    /**
     * The canonical form of a function call; folded when both sides are known, and an extremum also when one side is
     * never smaller than the other, whatever the named unknowns are.
     */
    public static Dim call(Function function, Dim left, Dim right) {
        if (left.isKnown() && right.isKnown()) {
            return of(function.apply(left.size(), right.size()));
        }
        Dim first = left;
        Dim second = right;
        if (function.isExtremum()) {
            if (left.text.compareTo(right.text) > 0) {
                first = right;
                second = left;
            }
            if (first.isNeverBelow(second)) {
                return function == Function.MAXIMUM ? first : second;
            }
            if (second.isNeverBelow(first)) {
                return function == Function.MAXIMUM ? second : first;
            }
        }
        Call call = new Call(function, first, second);
        return new Dim(List.of(new Term(1, List.of(call))), call.text());
    }

    /** Whether the difference is a sum of positive multiples of named unknowns, which are sizes and so not negative. */
    private boolean isNeverBelow(Dim other) {
        return terms.stream().allMatch(t -> hasNoLess(t, t.coefficient(), other.coefficientOf(t.atoms())))
                && other.terms.stream().allMatch(t -> hasNoLess(t, coefficientOf(t.atoms()), t.coefficient()));
    }

    private static boolean hasNoLess(Term term, long ours, long theirs) {
        return ours == theirs || (ours > theirs && term.atoms().stream().allMatch(Named.class::isInstance));
    }

    private long coefficientOf(List<Atom> atoms) {
        for (Term term : terms) {
            if (term.atoms().equals(atoms)) {
                return term.coefficient();
            }
        }
        return 0;
    }

    /** Whether this is a number. */
    public boolean isKnown() {
        return terms.isEmpty() || (terms.size() == 1 && terms.get(0).atoms().isEmpty());
    }

    public boolean isKnown(long size) {
        return isKnown() && size() == size;
    }

    /**
     * The number that this is.
     *
     * @throws IllegalStateException if it is not known
     */
    public long size() {
        if (!isKnown()) {
            throw new IllegalStateException("Dim %s is not known before a row is seen".formatted(this));
        }
        return terms.isEmpty() ? 0 : terms.get(0).coefficient();
    }

    public OptionalLong knownSize() {
        return isKnown() ? OptionalLong.of(size()) : OptionalLong.empty();
    }

    public List<Term> terms() {
        return terms;
    }

    /** The names of the unknowns in this, sorted. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Term term : terms) {
            for (Atom atom : term.atoms()) {
                if (atom instanceof Call call) {
                    names.addAll(call.left().names());
                    names.addAll(call.right().names());
                } else {
                    names.add(atom.text());
                }
            }
        }
        return names;
    }

    /**
     * The value of this under a binding.
     *
     * @throws ArithmeticException if it overflows a long
     * @throws IllegalArgumentException if a name is not bound
     */
    public long evaluate(DimBinding binding) {
        long sum = 0;
        for (Term term : terms) {
            long product = term.coefficient();
            for (Atom atom : term.atoms()) {
                product = Math.multiplyExact(product, evaluate(atom, binding));
            }
            sum = Math.addExact(sum, product);
        }
        return sum;
    }

    private static long evaluate(Atom atom, DimBinding binding) {
        if (atom instanceof Call call) {
            return call.function()
                    .apply(call.left().evaluate(binding), call.right().evaluate(binding));
        }
        return binding.size(atom.text());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dim that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
