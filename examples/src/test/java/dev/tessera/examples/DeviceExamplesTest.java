package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tessera.Device;
import dev.tessera.DeviceReport;
import dev.tessera.TensorReport;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.RealNvrtc;
import dev.tessera.cuda.kernel.GoldenKernels;
import dev.tessera.cuda.kernel.KernelSource;
import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The three programs of every Theano tutorial, and the doctor: on the CPU, on the simulated GPU, and with no libraries. */
class DeviceExamplesTest {
    private static final int ITERATIONS = 2;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    /** Each test starts the runtime of this JVM anew. */
    @BeforeEach
    @AfterEach
    void closeRuntime() {
        RuntimeHolder.close();
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private SparkSession.Builder on(String device) {
        return ExampleSession.builder()
                .config("spark.sql.extensions", "dev.tessera.TesseraExtensions")
                .config("spark.tessera.device", device)
                .config("spark.tessera.gpu.kernelCache", folder.toString());
    }

    private TensorReport run(
            SparkSession.Builder builder, BiFunction<SparkSession, PrintStream, TensorReport> example) {
        SparkSession spark = builder.getOrCreate();
        try {
            return example.apply(spark, out);
        } finally {
            spark.stop();
        }
    }

    private int doctor(SparkSession.Builder builder, String device) {
        SparkSession spark = builder.getOrCreate();
        try {
            return Doctor.askExecutors(spark, new Doctor.Options(device, true, false), out);
        } finally {
            spark.stop();
        }
    }

    @Nested
    class OnTheCpu {
        @Test
        void detectionSaysThatTheCpuRanAllBatches() {
            TensorReport report = run(on("cpu"), (spark, out) -> DetectGpu.detect(spark, ITERATIONS, out));
            report.assertRanOn(Device.CPU);
            assertThat(report.receipt().rowCount()).isEqualTo(300 * ITERATIONS);
            assertThat(printed()).contains("Used the CPU: cpu (").doesNotContain("Used the GPU", "was chosen");
        }

        @Test
        void productsAreRight() {
            run(on("cpu"), MultiplyMatrices::multiply).assertRanOn(Device.CPU);
            assertThat(printed()).contains("2 products of 1000 x 1000", "entries are right", "Used the CPU: cpu (");
        }

        @Test
        void theDoctorFindsItWorkingWithoutALookAtGpus() {
            assertThat(doctor(on("cpu"), "cpu")).isZero();
            assertThat(printed()).contains("trial ran on cpu (", "are right").doesNotContain("driver: no", "NVRTC");
        }
    }

    @Nested
    class WithoutLibraries {
        @BeforeEach
        void requireNone() {
            assumeFalse(DeviceReport.here("gpu").works(), "there is a GPU here");
        }

        @Test
        void detectionSaysThatTheCpuRanAndWhy() {
            run(on("auto"), (spark, out) -> DetectGpu.detect(spark, ITERATIONS, out))
                    .assertRanOn(Device.CPU);
            assertThat(printed())
                    .contains("Used the CPU: cpu (", "the CPU was chosen, for libcuda.so.1 is not found")
                    .doesNotContain("Used the GPU");
        }

        @Test
        void productsFallBackToTheCpu() {
            run(on("auto"), MultiplyMatrices::multiply).assertRanOn(Device.CPU);
            assertThat(printed()).contains("entries are right", "the CPU was chosen, for libcuda.so.1 is not found");
        }

        @Test
        void aForcedGpuStopsBeforeAnyRowAndSaysWhatToFix() {
            assertThatExceptionOfType(ExampleException.class)
                    .isThrownBy(() -> run(on("gpu"), ForceGpu::run))
                    .withMessageContaining("Cannot force the use of a GPU")
                    .withMessageContaining("libcuda.so.1 is not found")
                    .withMessageContaining("install NVIDIA's driver")
                    .withMessageContaining("No row was computed")
                    .satisfies(e -> assertThat(e.exitStatus()).isEqualTo(ExampleException.FAILURE));
            assertThat(printed()).isEmpty();
        }

        @Test
        void theDoctorNamesTheFirstThingToFix() {
            assertThat(Doctor.ask(new Doctor.Options("gpu", false, false), out)).isEqualTo(1);
            assertThat(printed())
                    .contains("gpu driver: no: libcuda.so.1 is not found", "gpu devices: no: there is no driver")
                    .contains("gpu cuBLAS: no", "gpu NVRTC: no", "trial did not run: Cannot run on the GPU")
                    .contains("first to fix for a GPU: driver: libcuda.so.1 is not found", "install NVIDIA's driver")
                    .contains("works in 0 of 1 process");
        }

        @Test
        void theDoctorIsContentWithTheCpuIfAnyDeviceWillDo() {
            assertThat(Doctor.ask(new Doctor.Options("auto", false, false), out))
                    .isZero();
            assertThat(printed()).contains("trial ran on cpu (", "first to fix for a GPU: driver");
        }
    }

    @Nested
    @ExtendWith(SimulatedCuda.class)
    class OnTheSimulatedGpu {
        private SparkSession.Builder onGpu(String device) {
            // Its times are no GPU's: a choice by cost would mean nothing.
            return on(device)
                    .config("spark.tessera.gpu.costModel.enabled", "false")
                    .config(
                            "spark.tessera.gpu.libraryPath",
                            SimulatedCuda.libraryFolder().toString());
        }

        private void assertNothingLeft(SimulatedDevice device) {
            RuntimeHolder.close();
            assertThat(device.faults()).isEmpty();
            assertThat(device.leakReports()).isEmpty();
        }

        @Test
        void detectionSaysThatItRanAllBatches(SimulatedDevice device) {
            TensorReport report = run(onGpu("auto"), (spark, out) -> DetectGpu.detect(spark, ITERATIONS, out));
            assertThat(printed())
                    .contains("Used the GPU: gpu (" + SimulatedDevice.NAME)
                    .doesNotContain("Used the CPU", "was chosen", "left the GPU");
            long launched = report.receipt().launchesByKind().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(launched).isPositive().isEqualTo(device.counter("launches"));
            assertNothingLeft(device);
        }

        @Test
        void productsAreRight(SimulatedDevice device) {
            run(onGpu("auto"), MultiplyMatrices::multiply);
            assertThat(printed()).contains("entries are right", "Used the GPU: gpu (" + SimulatedDevice.NAME);
            assertNothingLeft(device);
        }

        @Test
        void aForcedGpuRunsDoublesThroughAFloatFunction(SimulatedDevice device) {
            TensorReport report = run(onGpu("gpu"), ForceGpu::run);
            assertThat(report.receipt().rowCount()).isEqualTo(2000);
            // Of 100 float32 numbers each: narrowed before they are copied.
            assertThat(report.receipt().bytesIn()).isEqualTo(2000L * 100 * 4);
            assertThat(printed()).contains("its results are right", "Used the GPU: gpu (" + SimulatedDevice.NAME);
            assertNothingLeft(device);
        }

        @Test
        void theDoctorFindsEveryExecutorWorking(SimulatedDevice device) {
            assertThat(doctor(onGpu("gpu"), "gpu")).as("%s", printed()).isZero();
            assertThat(printed())
                    .contains("gpu driver: yes, CUDA 12", "gpu cuBLAS: yes", SimulatedDevice.NAME, "512 MiB")
                    .contains(
                            "compute capability",
                            "trial ran on gpu (" + SimulatedDevice.NAME,
                            "works in 1 of 1 process");
            assertNothingLeft(device);
        }

        @Test
        void theDoctorSaysOfADriverWithoutADeviceThatThereIsNone(SimulatedDevice device) {
            // CUDA_ERROR_NO_DEVICE.
            device.failCallsFrom("cuInit", 1, 100);
            assertThat(doctor(onGpu("gpu"), "gpu")).isEqualTo(1);
            assertThat(printed())
                    .contains("gpu driver: yes", "gpu devices: no: the driver sees none")
                    .contains("first to fix for a GPU: devices: the driver sees none; see whether nvidia-smi lists");
        }
    }

    @Test
    void everyKernelThatTheyNeedIsKept() {
        for (KernelSource source : ExampleKernels.all()) {
            assertThat(GoldenKernels.kept(source))
                    .as("%s; make them again with ExampleKernels", source.name())
                    .isPresent();
        }
    }

    @Test
    void theKernelsThatAreKeptAreThoseThatTheCompilerMakes() {
        CudaApi api = RealNvrtc.assumed();
        for (KernelSource source : ExampleKernels.all()) {
            assertThat(GoldenKernels.kept(source)).contains(GoldenKernels.compile(api, source));
        }
    }

    @Test
    void theDoctorRefusesWhatItDoesNotUnderstand() {
        assertThat(Doctor.Options.parse(List.of("--device", "GPU", "--executors")))
                .isEqualTo(new Doctor.Options("gpu", true, false));
        for (List<String> arguments : List.of(List.of("--device"), List.of("--device=tpu"), List.of("gpu"))) {
            assertThatExceptionOfType(ExampleException.class)
                    .isThrownBy(() -> Doctor.Options.parse(arguments))
                    .satisfies(e -> assertThat(e.exitStatus()).isEqualTo(ExampleException.USAGE));
        }
    }
}
