package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void terminalsSeeABarDrawnOverItself() {
        try (ProgressBar bar = new ProgressBar(out, true, 2000)) {
            bar.add(500);
            bar.add(0);
            bar.complete();
        }
        assertThat(printed())
                .isEqualTo("\r[" + " ".repeat(40) + "] 0 of 2,000 rows"
                        + "\r[" + "=".repeat(10) + " ".repeat(30) + "] 500 of 2,000 rows"
                        + "\r[" + "=".repeat(40) + "] 2,000 of 2,000 rows"
                        + System.lineSeparator());
    }

    @Test
    void filesGetALineForEachTenth() {
        try (ProgressBar bar = new ProgressBar(out, false, 1000)) {
            for (int i = 0; i < 1000; i++) {
                bar.add(1);
            }
            bar.complete();
        }
        assertThat(printed().lines())
                .hasSize(10)
                .startsWith("100 of 1,000 rows")
                .endsWith("1,000 of 1,000 rows");
        assertThat(printed()).doesNotContain("\r[");
    }

    @Test
    void whatComesAfterTheEndIsNotDrawn() {
        ProgressBar bar = new ProgressBar(out, true, 10);
        bar.close();
        int length = printed().length();
        bar.add(5);
        assertThat(printed()).hasSize(length);
    }

    @Test
    void noRowsAreAllDone() {
        try (ProgressBar bar = new ProgressBar(out, false, 0)) {
            bar.complete();
        }
        assertThat(printed().lines()).containsExactly("0 of 0 rows");
    }
}
