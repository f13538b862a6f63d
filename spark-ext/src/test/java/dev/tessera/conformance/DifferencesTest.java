package dev.tessera.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    @Test
    void whatIsKeptCoversEveryRowOfTheTableAndIsWithinTheBounds() {
        Map<String, Differences.Largest> kept = Differences.read(Path.of(""));
        assertThat(kept.keySet())
                .as("measure again with Differences")
                .containsExactlyElementsOf(ConformanceSuite.rows().keySet());
        // Of two digits: 1.00 may be the bound itself.
        assertThat(kept.values()).allSatisfy(largest -> {
            assertThat(largest.cpu()).isBetween(0.0, 1.0);
            assertThat(largest.cuda()).isBetween(0.0, 1.0);
        });
    }
}
