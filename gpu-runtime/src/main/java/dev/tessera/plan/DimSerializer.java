package dev.tessera.plan;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;

/** Writes and reads dims structurally, by their terms, so that no text is ever parsed. */
public final class DimSerializer {
    /** How deep calls of functions nest in a dim that is written or read. */
    public static final int MAX_DEPTH = 16;

    /** The fewest bytes that a dim takes: that of 0, which has no terms. */
    static final int MIN_BYTES = Integer.BYTES;

    private static final int MIN_TERM_BYTES = Long.BYTES + Integer.BYTES;
    private static final int MIN_FACTOR_BYTES = 2 * Integer.BYTES;
    private static final int MAX_FACTORS = Dim.MAX_TEXT_LENGTH / 2;
    private static final int NAMED = 0;

    // What is allocated, garbage included, as measured: DimSerializerTest fails if one is too small.
    private static final int KNOWN_DIM_BYTES = 160;
    private static final int UNKNOWN_DIM_BYTES = 800;
    private static final int TERM_BYTES = 320;
    private static final int FACTOR_BYTES = 96;
    private static final int CALL_BYTES = 1024;
    private static final int COPIES_OF_TEXT = 12;

    private DimSerializer() {}

    /**
     * Writes a dim.
     *
     * @throws IllegalArgumentException if calls nest deeper than {@link #MAX_DEPTH}
     */
    public static void write(Output output, Dim dim) {
        write(output, dim, 0);
    }

    private static void write(Output output, Dim dim, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("Cannot write dim: calls nest deeper than " + MAX_DEPTH);
        }
        output.writeInt(dim.terms().size());
        for (Dim.Term term : dim.terms()) {
            output.writeLong(term.coefficient());
            output.writeInt(term.atoms().size());
            for (Dim.Atom atom : term.atoms()) {
                if (atom instanceof Dim.Call call) {
                    output.writeInt(call.function().wireCode());
                    write(output, call.left(), depth + 1);
                    write(output, call.right(), depth + 1);
                } else {
                    output.writeInt(NAMED);
                    WireOutput.writeText(output, atom.text());
                }
            }
        }
    }

    /**
     * Reads a dim and brings it into the canonical form.
     *
     * @throws PlanFormatException if there is none, or it is not bounded as dims are
     */
    public static Dim read(WireInput input) {
        try {
            return read(input, 0);
        } catch (PlanFormatException e) {
            throw e;
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw input.failure(PlanCheck.DIM, String.valueOf(e.getMessage()), e);
        }
    }

    private static Dim read(WireInput input, int depth) {
        if (depth > MAX_DEPTH) {
            throw input.failure(PlanCheck.DIM, "calls in a dim nest deeper than " + MAX_DEPTH);
        }
        int count = input.readCount("terms of a dim", MIN_TERM_BYTES, Dim.MAX_TERMS);
        if (count == 0) {
            return Dim.ZERO;
        }
        long coefficient = input.readLong();
        int factorCount = input.readCount("factors of a dim", MIN_FACTOR_BYTES, MAX_FACTORS);
        if (count == 1 && factorCount == 0) {
            input.charge(KNOWN_DIM_BYTES);
            return Dim.of(coefficient);
        }
        input.charge(UNKNOWN_DIM_BYTES);
        List<Dim.Term> terms = new ArrayList<>(4);
        readTerm(input, coefficient, factorCount, depth, terms);
        for (int i = 1; i < count; i++) {
            coefficient = input.readLong();
            factorCount = input.readCount("factors of a dim", MIN_FACTOR_BYTES, MAX_FACTORS);
            readTerm(input, coefficient, factorCount, depth, terms);
        }
        return Dim.ofTerms(terms);
    }

    private static void readTerm(WireInput input, long coefficient, int factorCount, int depth, List<Dim.Term> terms) {
        input.charge(TERM_BYTES);
        List<Dim.Atom> atoms = new ArrayList<>(1);
        Dim folded = Dim.ONE;
        for (int i = 0; i < factorCount; i++) {
            int code = input.readInt();
            if (code == NAMED) {
                atoms.add(readName(input));
                continue;
            }
            Dim call = readCall(input, code, depth);
            if (isAtom(call)) {
                atoms.add(call.terms().get(0).atoms().get(0));
            } else {
                chargeProduct(input, folded, call);
                folded = folded.times(call);
            }
        }
        Dim.Term term = new Dim.Term(coefficient, atoms);
        if (folded.isKnown(1)) {
            terms.add(term);
        } else {
            Dim product = Dim.ofTerms(List.of(term));
            chargeProduct(input, folded, product);
            terms.addAll(folded.times(product).terms());
        }
    }

    private static Dim.Atom readName(WireInput input) {
        String name = input.readText("the name of a dim", Dim.MAX_NAME_LENGTH);
        input.charge(FACTOR_BYTES + (long) COPIES_OF_TEXT * name.length());
        return new Dim.Named(name);
    }

    private static Dim readCall(WireInput input, int code, int depth) {
        Dim.Function function = input.decode(code, Dim.Function::ofWireCode);
        Dim left = read(input, depth + 1);
        Dim right = read(input, depth + 1);
        input.charge(CALL_BYTES + COPIES_OF_TEXT * (textLength(left) + textLength(right)));
        return Dim.call(function, left, right);
    }

    private static void chargeProduct(WireInput input, Dim left, Dim right) {
        long leftTerms = left.terms().size();
        long rightTerms = right.terms().size();
        long textLength = textLength(left) * rightTerms + textLength(right) * leftTerms;
        input.charge(UNKNOWN_DIM_BYTES + TERM_BYTES * leftTerms * rightTerms + COPIES_OF_TEXT * textLength);
    }

    private static boolean isAtom(Dim dim) {
        return dim.terms().size() == 1
                && dim.terms().get(0).coefficient() == 1
                && dim.terms().get(0).atoms().size() == 1;
    }

    private static long textLength(Dim dim) {
        return dim.toString().length();
    }
}
