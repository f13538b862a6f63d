package dev.tessera.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The conformance table: a row for every op, function and reduction, and its cases over dtypes, shapes and variation. */
final class ConformanceSuite {
    private static final int SHOWN = 4;

    private final Subject subject;

    ConformanceSuite(Subject subject) {
        this.subject = subject;
    }

    /** The rows of the table, and their cases. */
    static Map<String, Supplier<List<ConformanceCase>>> rows() {
        Map<String, Supplier<List<ConformanceCase>>> rows = new LinkedHashMap<>();
        ScalarCases.addTo(rows);
        ReductionCases.addTo(rows);
        ProductCases.addTo(rows);
        ShapeCases.addTo(rows);
        WordCases.addTo(rows);
        return rows;
    }

    /** One test for each row, which names the first few cases that are wrong. */
    Stream<DynamicTest> tests() {
        return rows().entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(), () -> check(row.getValue().get())));
    }

    private void check(List<ConformanceCase> cases) {
        List<String> mismatches = new ArrayList<>();
        for (ConformanceCase testCase : cases) {
            Optional<String> mismatch = Conformance.mismatch(testCase, subject);
            mismatch.ifPresent(mismatches::add);
        }
        assertThat(mismatches.subList(0, Math.min(SHOWN, mismatches.size())))
                .as("%d of %d cases", mismatches.size(), cases.size())
                .isEmpty();
    }
}
