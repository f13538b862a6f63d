package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreOptionsTest {
    private static ScoreOptions parse(String... arguments) {
        return ScoreOptions.parse(List.of(arguments));
    }

    private static void assertRefused(String message, String... arguments) {
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOfSatisfying(
                        ExampleException.class, e -> assertThat(e.exitStatus()).isEqualTo(2))
                .hasMessageStartingWith(message);
    }

    @Test
    void nothingMeansTheTestImagesOnce() {
        ScoreOptions options = parse();

        assertThat(options.images()).isNull();
        assertThat(options.repeat()).isEqualTo(1);
        assertThat(options.help()).isFalse();
    }

    @Test
    void valuesFollowAfterASpaceOrAnEqualsSign() {
        assertThat(parse("--images", "/a b", "--repeat", "3", "--output", "out"))
                .isEqualTo(parse("--output=out", "--repeat=3", "--images=/a b"))
                .isEqualTo(new ScoreOptions(Path.of("/a b"), 3, Path.of("out"), false));
    }

    @Test
    void helpIsAnOption() {
        assertThat(parse("--help").help()).isTrue();
        assertThat(ScoreOptions.USAGE).contains("--images", "--repeat", "--output", "--help");
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        assertRefused(
                "Cannot understand option --repeats: see examples/run.sh score-fashion-mnist --help", "--repeats=2");
        assertRefused("Cannot understand option data.gz", "data.gz");
        assertRefused("Cannot use --images: it needs a value", "--images");
        assertRefused("Cannot use --output: it needs a value", "--output=");
        assertRefused("Cannot use --repeat 0: it needs a number from 1", "--repeat", "0");
        assertRefused("Cannot use --repeat -1", "--repeat", "-1");
        assertRefused("Cannot use --repeat many", "--repeat", "many");
        assertRefused("Cannot use --repeat 99999999999", "--repeat=99999999999");
        assertRefused("Cannot use --output a\u0000b", "--output=a\u0000b");
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefusedBeforeAnyWork(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() ->
                        parse("--output", file.resolve("inside").toString()).checkOutput())
                .isInstanceOf(ExampleException.class)
                .hasMessageStartingWith("Cannot write to " + file.resolve("inside") + ": ")
                .hasMessageEndingWith("; name another folder with --output");
        assertThatThrownBy(() -> parse("--output", file.toString()).checkOutput())
                .hasMessageContaining("it is a file, not a folder");
        parse("--output", folder.resolve("new/folder").toString()).checkOutput();
        assertThat(folder.resolve("new/folder")).isEmptyDirectory();
    }
}
