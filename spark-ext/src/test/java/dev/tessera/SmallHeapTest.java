package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wide rows in an executor of 512 MB, in a JVM of its own. */
class SmallHeapTest {
    private static final Pattern RESULT = Pattern.compile(
            "payload (\\d+), sum ([\\d.]+), rows (\\d+), batches (\\d+), rows in the metric system (\\d+)");

    @TempDir
    Path folder;

    @Test
    void executorOf512MegabytesFinishesAJobOfRowsOfAMebibyte() throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("the job ended").isTrue();
        } finally {
            process.destroyForcibly();
        }

        String text = Files.readString(output);
        Matcher result = RESULT.matcher(text);
        assertThat(result.find()).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        assertThat(Long.parseLong(result.group(1))).isEqualTo(400L << 20);
        // The sum over id of id + 2 * 1 + 3 * 2.
        assertThat(Double.parseDouble(result.group(2))).isEqualTo(400 * 399 / 2.0 + 400 * 8);
        assertThat(result.group(3)).isEqualTo("400");
        assertThat(result.group(5)).isEqualTo("400");
        // Batches are bounded by bytes: at most 32 rows fit into the default of 32 MiB.
        assertThat(Long.parseLong(result.group(4))).isGreaterThanOrEqualTo(400 / 32);
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!argument.startsWith("-Xmx")) {
                command.add(argument);
            }
        }
        command.add("-Xmx512m");
        command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(SmallHeapJob.class.getName());
        return command;
    }
}
