package dev.tessera;

import static org.apache.spark.sql.functions.call_udf;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaPlatform;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plugin.TensorConf;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code spark.tessera.device} means on a machine without a GPU. */
class DeviceSettingTest {
    private static final AtomicLong ROWS = new AtomicLong();

    private final TensorFunction f = function();

    private static TensorFunction function() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
        return TensorFunction.compile(x.sum());
    }

    @BeforeAll
    static void thereIsNoGpu() {
        Capability capability = CudaPlatform.of(Map.of()).capability();
        assumeTrue(
                capability.firstMissing(Capability.COMPILED_KERNELS).isPresent(), "this machine has a GPU that works");
    }

    @AfterAll
    static void stop() {
        SparkSessions.stop();
    }

    private static SparkSession session(String device, String... others) {
        ROWS.set(0);
        Map<String, String> settings = new HashMap<>(Map.of(TensorConf.DEVICE.key(), device));
        for (int i = 0; i < others.length; i += 2) {
            settings.put(others[i], others[i + 1]);
        }
        SparkSession spark = SparkSessions.restart(settings);
        spark.udf().register("counted", (UDF1<Object, Object>) DeviceSettingTest::count, DataTypes.LongType);
        return spark;
    }

    private static Object count(Object id) {
        ROWS.incrementAndGet();
        return id;
    }

    private Dataset<Row> results(SparkSession spark) {
        return spark.range(0, 10, 1, 2)
                .select(call_udf("counted", col("id")).as("id"))
                .selectExpr("array(cast(id as float), 2f, 3f) as x")
                .select(f.apply(col("x")).as("y"));
    }

    private static void assertRefused(Dataset<Row> query) {
        assertThatThrownBy(query::collect)
                .hasStackTraceContaining("Cannot run on the GPU: libcuda.so.1 is not found in")
                .hasStackTraceContaining("install NVIDIA's driver")
                .hasStackTraceContaining("set spark.tessera.device to auto or cpu to run on the CPU");
        assertThat(ROWS.get()).as("rows that were read").isZero();
    }

    @Test
    void gpuFailsBeforeTheFirstRowAndNamesWhatIsMissingAndTheRemedy() {
        assertRefused(results(session("gpu")));
    }

    @Test
    void withThePluginToo() {
        assertRefused(results(session("gpu", "spark.plugins", TesseraPlugin.class.getName())));
    }

    @Test
    void onADriverACallIsEvaluatedOnTheCpuWhateverExecutorsMustHave() {
        SparkSession spark = session("gpu");

        // Rows that the optimizer evaluates while it plans.
        Dataset<Row> local = spark.createDataset(List.of(1f, 2f), Encoders.FLOAT())
                .selectExpr("array(value, 2f, 3f) as x")
                .select(f.apply(col("x")).as("y"));

        assertThat(local.collectAsList()).extracting(row -> row.getFloat(0)).containsExactly(6f, 7f);
        Tessera.report(spark).assertRanOn(Device.CPU);
    }

    @Test
    void autoRunsOnTheCpuAndTheReportSaysWhy() {
        SparkSession spark = session("auto");

        assertThat(results(spark).collectAsList())
                .extracting(row -> row.getFloat(0))
                .containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);

        TensorReport report = Tessera.report(spark);
        report.assertRanOn(Device.CPU);
        assertThat(report.toString())
                .containsPattern(
                        "device +cpu \\(.*\\), because libcuda.so.1 is not found in .*install NVIDIA's driver");
        assertThatThrownBy(() -> report.assertRanOn(Device.GPU)).hasMessageContaining("libcuda.so.1 is not found");
    }

    @Test
    void cpuDoesNotEvenLookForAGpu() {
        SparkSession spark = session("cpu", TensorConf.GPU_LIBRARY_PATH.key(), "no\0path");

        assertThat(results(spark).collectAsList()).hasSize(10);

        TensorReport report = Tessera.report(spark);
        report.assertRanOn(Device.CPU);
        assertThat(report.toString()).doesNotContain("because").doesNotContain("libcuda");
    }
}
