package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of examples, and the scripts to copy for clusters with GPUs, run with another nvidia-smi. */
class ScriptsTest {
    @TempDir
    Path folder;

    private record Ended(int status, String output) {}

    @Test
    void everyExampleOfTheListIsAClassThatRuns() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("examples.txt"));
        assertThat(lines).hasSizeGreaterThan(4);
        for (String line : lines) {
            String[] fields = line.split("\\|", -1);
            assertThat(fields).as(line).hasSize(3);
            assertThat(fields[2].strip()).isNotEmpty();
            assertThat(Class.forName(fields[1].strip()).getMethod("main", String[].class))
                    .isNotNull();
        }
    }

    @Test
    void theDiscoveryScriptPrintsWhatSparkReads() throws Exception {
        tool("nvidia-smi", "echo GPU-5c1e; echo GPU-93d0");
        Ended ended = run("../conf/gpu-discovery.sh");
        assertThat(ended.status()).isZero();
        assertThat(ended.output()).isEqualTo("{\"name\": \"gpu\", \"addresses\": [\"GPU-5c1e\", \"GPU-93d0\"]}\n");
    }

    @Test
    void theDiscoveryScriptFailsWhereThereIsNoGpu() throws Exception {
        tool("nvidia-smi", "exit 9");
        assertThat(run("../conf/gpu-discovery.sh").status()).isNotZero();
        tool("nvidia-smi", ":");
        Ended none = run("../conf/gpu-discovery.sh");
        assertThat(none.status()).isNotZero();
        assertThat(none.output()).contains("nvidia-smi lists none");
    }

    @Test
    void theInitScriptRefusesAFolderWithoutTheJar() throws Exception {
        tool("nvidia-smi", "exit 9");
        Files.createDirectories(folder.resolve("spark/jars"));
        Ended ended = run("../conf/gpu-init.sh");
        assertThat(ended.status()).isNotZero();
        assertThat(ended.output())
                .contains("Cannot install Tessera: there is no tessera-spark_*-bundle.jar in " + folder);
    }

    private void tool(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** With the tools of the folder before the machine's own. */
    private Ended run(String script) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", script);
        builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        builder.environment().put("TESSERA_HOME", folder.toString());
        builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
