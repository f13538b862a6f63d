package dev.tessera.conformance;

import dev.tessera.eval.Bounded;
import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import java.util.Optional;

/** Holds the rows that a subject gives against the oracle. */
final class Conformance {
    private Conformance() {}

    /** What is wrong, in words, or empty if nothing is. */
    static Optional<String> mismatch(ConformanceCase testCase, Subject subject) {
        Subject.Results results;
        try {
            results = subject.run(testCase);
        } catch (RuntimeException | AssertionError e) {
            StackTraceElement[] trace = e.getStackTrace();
            return Optional.of(
                    "%s%n    failed with %s%n    at %s".formatted(testCase, e, trace.length == 0 ? "" : trace[0]));
        }
        for (int row = 0; row < testCase.rows().size(); row++) {
            String wrong = mismatch(testCase, results, row);
            if (!wrong.isEmpty()) {
                return Optional.of("%s%n    row %d of %d: %s"
                        .formatted(testCase, row, testCase.rows().size(), wrong));
            }
        }
        return Optional.empty();
    }

    private static String mismatch(ConformanceCase testCase, Subject.Results results, int row) {
        List<Bounded> expected;
        try {
            expected = ReferenceEvaluator.wide().evaluateBounded(testCase.graph(), testCase.inputs(row));
        } catch (IndexOutOfBoundsException e) {
            return results.badRows().contains(row) ? "" : "expected it to be bad, for " + e.getMessage();
        }
        if (results.badRows().contains(row)) {
            return "expected it not to be bad";
        }
        for (int i = 0; i < expected.size(); i++) {
            HostTensor output = results.outputs().get(i);
            if (output.rank() == 0 || output.size(0) != testCase.rows().size()) {
                return "expected %d rows, got %s".formatted(testCase.rows().size(), output);
            }
            Optional<String> mismatch = expected.get(i).mismatch(output.row(row));
            if (mismatch.isPresent()) {
                return "y" + i + " " + mismatch.get();
            }
        }
        return "";
    }
}
