package dev.tessera.conformance;

import dev.tessera.eval.Bounded;
import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds the rows that a subject gives against the oracle. */
final class Conformance {
    private Conformance() {}

    /** What is wrong, in words, or empty if nothing is. */
    static Optional<String> mismatch(ConformanceCase testCase, Subject subject) {
        return mismatch(testCase, subject, false);
    }

    /** As {@link #mismatch}, but any result will do where the op by op evaluation overflows: stabilised forms do not. */
    static Optional<String> mismatchOfFinite(ConformanceCase testCase, Subject subject) {
        return mismatch(testCase, subject, true);
    }

    private static Optional<String> mismatch(ConformanceCase testCase, Subject subject, boolean ofFinite) {
        // First what the oracle says: a case that it refuses is none.
        List<List<Bounded>> expected = expected(testCase);
        Subject.Results results;
        try {
            results = subject.run(testCase);
        } catch (RuntimeException | AssertionError e) {
            StackTraceElement[] trace = e.getStackTrace();
            return Optional.of(
                    "%s%n    failed with %s%n    at %s".formatted(testCase, e, trace.length == 0 ? "" : trace[0]));
        }
        for (int row = 0; row < testCase.rows().size(); row++) {
            boolean isBad = results.badRows().contains(row);
            String wrong = isBad != expected.get(row).isEmpty()
                    ? (isBad ? "expected it not to be bad" : "expected it to be bad")
                    : mismatch(expected.get(row), results, row, ofFinite);
            if (!wrong.isEmpty()) {
                return Optional.of("%s%n    row %d of %d: %s"
                        .formatted(testCase, row, testCase.rows().size(), wrong));
            }
        }
        return Optional.empty();
    }

    /** The outputs of every row, none for a row that has no value. */
    static List<List<Bounded>> expected(ConformanceCase testCase) {
        List<List<Bounded>> expected = new ArrayList<>();
        for (int row = 0; row < testCase.rows().size(); row++) {
            try {
                expected.add(ReferenceEvaluator.wide().evaluateBounded(testCase.graph(), testCase.inputs(row)));
            } catch (IndexOutOfBoundsException e) {
                expected.add(List.of());
            }
        }
        return expected;
    }

    private static String mismatch(List<Bounded> expected, Subject.Results results, int row, boolean ofFinite) {
        for (int i = 0; i < expected.size(); i++) {
            HostTensor output = results.outputs().get(i);
            if (output.rank() == 0 || output.size(0) <= row) {
                return "expected more rows than %s has".formatted(output);
            }
            Optional<String> mismatch = expected.get(i).mismatch(output.row(row));
            if (mismatch.isPresent() && !(ofFinite && isStabilised(expected.get(i), output.row(row)))) {
                return "y" + i + " " + mismatch.get();
            }
        }
        return "";
    }

    private static boolean isStabilised(Bounded expected, HostTensor actual) {
        if (!expected.dtype().isFloating() || actual.elementCount() != expected.elementCount()) {
            return false;
        }
        for (int i = 0; i < expected.elementCount(); i++) {
            boolean isStabilised = !Double.isFinite(expected.expected(i)) && Double.isFinite(actual.doubleAt(i));
            boolean isRight = Double.isFinite(expected.expected(i))
                    ? Math.abs(expected.expected(i) - actual.doubleAt(i)) <= expected.bound(i)
                    : Double.compare(expected.expected(i), actual.doubleAt(i)) == 0;
            if (!isStabilised && !isRight && expected.bound(i) != Double.POSITIVE_INFINITY) {
                return false;
            }
        }
        return true;
    }
}
