package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jars on a cluster whose workers have a GPU each: the discovery script finds it with what a machine has for
 * {@code nvidia-smi}, Spark gives it to an executor and its tasks, and they run on that one. Needs no compiler of kernels:
 * the application multiplies matrices, and checks every entry that it looks at.
 */
@ExtendWith(SimulatedCuda.class)
class GpuClusterIT {
    private static final int WORKERS = 2;
    private static final Duration LIMIT = Duration.ofSeconds(200);
    private static final String NVIDIA_SMI = """
        #!/usr/bin/env bash
        [[ "$*" == "--query-gpu=uuid --format=csv,noheader" ]] || exit 9
        echo "$GPU_OF_THIS_MACHINE"
        """;

    /** The UUID that a simulated device has, as nvidia-smi would print it. */
    private static String uuid(int device) {
        return "GPU-53494d55-4c41-5445-4400-00000000000" + device;
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

    private static List<String> submission(Path report) throws IOException {
        Map<String, String> settings = Map.of(
                "spark.sql.extensions", "dev.tessera.TesseraExtensions",
                "spark.plugins", "dev.tessera.TesseraPlugin",
                "spark.ui.enabled", "false",
                "spark.executor.memory", "640m",
                "spark.executor.resource.gpu.amount", "1",
                "spark.task.resource.gpu.amount", "1",
                "spark.tessera.device", "gpu",
                "spark.tessera.gpu.libraryPath", SimulatedCuda.libraryFolder().toString(),
                "spark.executorEnv.TESSERA_SIM", "devices=" + WORKERS,
                "spark.executorEnv.TESSERA_SIM_REPORT", report.toString());
        List<String> arguments =
                new ArrayList<>(List.of("--jars", PackagedJars.bundle().toString()));
        settings.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
        // No task before both executors are there.
        arguments.addAll(List.of("--conf", "spark.scheduler.minRegisteredResourcesRatio=1.0"));
        arguments.addAll(List.of("--conf", "spark.scheduler.maxRegisteredResourcesWaitingTime=40s"));
        arguments.addAll(List.of(
                "--class",
                MultiplyMatrices.class.getName(),
                PackagedJars.examples().toString()));
        return arguments;
    }

    @Test
    @Timeout(480)
    void everyExecutorRunsOnTheGpuThatSparkGaveItAndLeavesNothingThere(@TempDir Path folder) throws Exception {
        Path tools = Files.createDirectory(folder.resolve("bin"));
        Path smi = Files.writeString(tools.resolve("nvidia-smi"), NVIDIA_SMI);
        Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path report = folder.resolve("simulated.txt");
        List<StandaloneCluster.Worker> workers = List.of(worker(0, tools), worker(1, tools));
        String printed;
        try (StandaloneCluster cluster = StandaloneCluster.start(folder, PackagedJars.spark(), workers)) {
            cluster.submit(submission(report));
            int exitValue = cluster.awaitEnd(LIMIT);
            printed = cluster.log("submit");
            assertThat(exitValue).as(printed).isZero();
            cluster.awaitEndOfExecutors(LIMIT);
        }
        assertThat(printed).contains("entries are right").doesNotContain("Used the CPU", "left the GPU");
        for (int device = 0; device < WORKERS; device++) {
            assertThat(printed)
                    .containsPattern(
                            "devices .*gpu \\(%s, %s\\): \\d+ batch".formatted(SimulatedDevice.NAME, uuid(device)));
        }
        assertNothingLeft(Files.readAllLines(report));
    }

    /** Of what each executor wrote when it ended. */
    private static void assertNothingLeft(List<String> lines) {
        assertThat(lines.stream().filter(line -> line.startsWith("live.contexts=")))
                .hasSize(WORKERS);
        assertThat(lines.stream().filter(line -> line.startsWith("live."))).allMatch(line -> line.endsWith("=0"));
        assertThat(lines.stream().filter(line -> line.matches("(faults|leakReports)=.*")))
                .allMatch(line -> line.endsWith("=0"));
        assertThat(lines.stream().filter(line -> line.matches("products=[1-9]\\d*")))
                .hasSize(WORKERS);
        assertThat(lines).noneMatch(line -> line.contains("alive"));
    }
}
