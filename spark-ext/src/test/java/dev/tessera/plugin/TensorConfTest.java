package dev.tessera.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TensorConfTest {
    private static final Pattern KEY = Pattern.compile("\"(spark\\.tessera\\.[\\w.]*\\w)\"");

    @Test
    void everyKeyThatTheRuntimeReadsIsInTheTableAndNoOther() throws IOException {
        Set<String> read = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("../gpu-runtime/src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Matcher keys = KEY.matcher(Files.readString(source));
                while (keys.find()) {
                    read.add(keys.group(1));
                }
            }
        }
        Set<String> documented = new TreeSet<>();
        Arrays.stream(TensorConf.values())
                .filter(conf -> !conf.isForSessions() && conf != TensorConf.FUNCTION)
                .forEach(conf -> documented.add(conf.key()));

        assertThat(documented).isEqualTo(read);
    }

    @Test
    void everyDefaultIsAValueOfItsKey() {
        for (TensorConf conf : TensorConf.values()) {
            conf.check(conf.defaultValue());
        }
    }
}
