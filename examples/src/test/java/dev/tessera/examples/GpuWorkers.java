package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Workers of a {@link StandaloneCluster} that have a simulated GPU each, which Spark's discovery script finds with what a
 * machine has for {@code nvidia-smi}, and applications whose executors take one.
 */
record GpuWorkers(int count, Path folder) {
    private static final String NVIDIA_SMI = """
        #!/usr/bin/env bash
        [[ "$*" == "--query-gpu=uuid --format=csv,noheader" ]] || exit 9
        echo "$GPU_OF_THIS_MACHINE"
        """;

    /** The UUID that a simulated device has, as nvidia-smi would print it. */
    private static String uuid(int device) {
        return "GPU-53494d55-4c41-5445-4400-00000000000" + device;
    }

    List<StandaloneCluster.Worker> all() throws IOException {
        Path tools = Files.createDirectory(folder.resolve("bin"));
        Path smi = Files.writeString(tools.resolve("nvidia-smi"), NVIDIA_SMI);
        Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwxr-xr-x"));
        return IntStream.range(0, count)
                .mapToObj(number -> worker(number, tools))
                .toList();
    }

    private static StandaloneCluster.Worker worker(int number, Path tools) {
        return new StandaloneCluster.Worker(
                Map.of(
                        "spark.worker.resource.gpu.amount",
                        "1",
                        "spark.worker.resource.gpu.discoveryScript",
                        Path.of("../conf/gpu-discovery.sh")
                                .toAbsolutePath()
                                .normalize()
                                .toString()),
                Map.of(
                        "GPU_OF_THIS_MACHINE",
                        uuid(number),
                        "PATH",
                        tools + File.pathSeparator + System.getenv("PATH")));
    }

    /** Where each executor writes what its device counted, when it ends. */
    private Path report() {
        return folder.resolve("simulated.txt");
    }

    /** The arguments of spark-submit for an application whose executors take a GPU each, but for the jar of its class. */
    List<String> submission(String mainClass, List<Path> jars, Map<String, String> more) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "spark.executor.resource.gpu.amount",
                "1",
                "spark.task.resource.gpu.amount",
                "1",
                "spark.tessera.device",
                "gpu",
                "spark.tessera.gpu.libraryPath",
                SimulatedCuda.libraryFolder().toString(),
                "spark.executorEnv.TESSERA_SIM",
                "devices=" + count,
                "spark.executorEnv.TESSERA_SIM_REPORT",
                report().toString()));
        settings.putAll(more);
        return StandaloneCluster.submission(mainClass, jars, settings);
    }

    /** That a receipt names the GPU of every worker, with batches, and no other device. */
    void assertAllRan(String printed) {
        assertNothingElseRan(printed);
        for (int device = 0; device < count; device++) {
            assertThat(printed).containsPattern(devices(uuid(device)));
        }
    }

    /** That a receipt names GPUs of workers, with batches, and no other device. */
    static void assertNothingElseRan(String printed) {
        assertThat(printed)
                .doesNotContain("Used the CPU", "left the GPU")
                .doesNotContainPattern("devices .*cpu")
                .containsPattern(devices(uuid(0).replaceFirst(".$", "\\\\d")));
    }

    private static String devices(String uuid) {
        return "devices .*gpu \\(%s, %s\\): \\d+ batch".formatted(SimulatedDevice.NAME, uuid);
    }

    /**
     * That nothing was left on the device of any executor that came to its end.
     *
     * @return what they counted, a line each
     */
    List<String> assertNothingLeft() throws IOException {
        List<String> lines = Files.readAllLines(report());
        assertThat(lines).anyMatch(line -> line.startsWith("live.contexts="));
        assertThat(lines.stream().filter(line -> line.startsWith("live."))).allMatch(line -> line.endsWith("=0"));
        assertThat(lines.stream().filter(line -> line.matches("(faults|leakReports)=.*")))
                .allMatch(line -> line.endsWith("=0"));
        assertThat(lines).noneMatch(line -> line.contains("alive"));
        return lines;
    }
}
