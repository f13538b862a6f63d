package dev.tessera;

import static org.apache.spark.sql.functions.call_udf;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a query that ran on GPUs says of itself, by products of cuBLAS, which need no compiler. */
@ExtendWith({SimulatedCuda.class, SimulatedGpuSessions.class})
class GpuReportTest {
    private static final int OUT_OF_MEMORY = 2;
    private static final int ILLEGAL_ADDRESS = 700;
    private static final int WIDTH = 1024;
    private static final CyclicBarrier BOTH_TASKS = new CyclicBarrier(2);

    private final SparkSession spark = SparkSessions.session();
    private final TensorFunction f = function();

    /** {@code x @ w}, w being ones: the sum of a row's elements, twice. */
    private static TensorFunction function() {
        float[] ones = new float[WIDTH * 2];
        Arrays.fill(ones, 1);
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(WIDTH));
        return TensorFunction.compile(x.matmul(Tensors.constant(HostTensor.of(ones, WIDTH, 2))));
    }

    private Dataset<Row> rows(long count, int partitions) {
        return spark.range(0, count, 1, partitions)
                .selectExpr("id", "array_repeat(cast(id as float), %d) as x".formatted(WIDTH));
    }

    private Dataset<Row> results(long count, int partitions) {
        return rows(count, partitions).select(f.apply(col("x")).as("y"));
    }

    /** A row's result is the sum of as many equal whole numbers, exact in float32. */
    private static void assertResults(List<Row> rows) {
        for (int id = 0; id < rows.size(); id++) {
            float sum = (float) id * WIDTH;
            assertThat(rows.get(id).<Float>getList(0)).containsExactly(sum, sum);
        }
    }

    @Test
    void reportNamesTheDeviceItsUuidAndWhatItWasGivenToDo(SimulatedDevice device) {
        assertResults(results(100, 1).collectAsList());

        TensorReport report = Tessera.report(spark);
        assertThat(report.toString())
                .containsPattern("devices +gpu \\(" + SimulatedDevice.NAME + ", GPU-[0-9a-f-]{36}\\): 1 batch\\n")
                .containsPattern("cuBLAS +gemm float32: 1 call\\n")
                .containsPattern("kernels +none\\n")
                .containsPattern("bytes +409,600 in, 800 out\\n")
                .containsPattern("time +\\d+\\.\\d ms in kernels, \\d+\\.\\d ms in copies\\n")
                .containsPattern("fallbacks +none\\n")
                .doesNotContain("recovered");
        assertThat(device.counter("product.cublasGemmEx")).isEqualTo(1);
        assertThatCode(() -> report.assertRanOn(Device.GPU)).doesNotThrowAnyException();
        assertThatThrownBy(() -> report.assertRanOn(Device.CPU))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("Expected every batch on the CPU, but:")
                .hasMessageContaining(SimulatedDevice.NAME);
    }

    @Test
    void gatheredRowsAreCopiedToTheDeviceFromWhereTheyAre(SimulatedDevice device) {
        assertResults(results(1024, 1).collectAsList());

        // Room for rows is doubled from 16 to 1024; a second copy of the rows would take 4 MiB more.
        long gathered = (16 + 32 + 64 + 128 + 256 + 512 + 1024L) * WIDTH * Float.BYTES;
        assertThat(device.counter("live.pinnedBytes")).isBetween(gathered, gathered + (1 << 20));
        assertThat(device.counter("pageableAsyncCopies")).isZero();
        // The rows, and the constant.
        assertThat(device.counter("h2d.copies")).isEqualTo(2);
        assertThat(device.counter("d2h.copies")).isEqualTo(1);
    }

    @Test
    void metricsOfTheOperatorCountWhatTheDeviceDid() {
        Dataset<Row> result = results(100, 2);
        result.collect();

        var metrics = Operators.of(result).get(0).metrics();
        assertThat(metrics.apply("gpuBatches").value()).isEqualTo(2);
        assertThat(metrics.apply("cpuBatches").value()).isZero();
        assertThat(metrics.apply("blasCalls").value()).isEqualTo(2);
        assertThat(metrics.apply("kernelLaunches").value()).isZero();
        assertThat(metrics.apply("recoveries").value()).isZero();
        assertThat(metrics.apply("bytesIn").value()).isEqualTo(100L * WIDTH * Float.BYTES);
        assertThat(metrics.apply("bytesOut").value()).isEqualTo(100L * 2 * Float.BYTES);
        assertThat(result.queryExecution().executedPlan().toString()).contains("device gpu (batches: 2 on a GPU)");
    }

    @Test
    void tasksThatRunAtOnceAreSpreadOverAllGpus(SimulatedDevice device) {
        device.setDeviceCount(2);
        spark.udf().register("together", (UDF1<Object, Object>) GpuReportTest::together, DataTypes.LongType);
        Dataset<Row> rows = rows(100, 2)
                .withColumn("id", call_udf("together", col("id")))
                .where("id >= 0")
                .select(f.apply(col("x")).as("y"));

        assertResults(rows.collectAsList());

        TensorReport report = Tessera.report(spark);
        assertThat(report.receipt().batchesByDevice()).as("%s", report).hasSize(2);
        assertThat(report.receipt().batchesByDevice().values()).containsExactly(1L, 1L);
        report.assertRanOn(Device.GPU);
    }

    /** Passes the first row of each of two tasks when both have come to it, after they have opened the function. */
    private static Object together(Object id) throws Exception {
        if ((Long) id % 50 == 0) {
            BOTH_TASKS.await(1, TimeUnit.MINUTES);
        }
        return id;
    }

    @Test
    void reportCountsWhatWasRunAgainForWantOfMemory(SimulatedDevice device) {
        // The constant is allocated first, then the batch, and again when it is run again.
        device.failCall("cuMemAlloc", 2, OUT_OF_MEMORY);
        Dataset<Row> result = results(100, 1);

        assertResults(result.collectAsList());

        assertThat(device.counter("injectedFaults")).isEqualTo(1);
        TensorReport report = Tessera.report(spark);
        assertThat(report.toString()).containsPattern("recovered +.*retried: out of memory: 1 time\\n");
        assertThat(Operators.of(result).get(0).metrics().apply("recoveries").value())
                .isEqualTo(1);
        report.assertRanOn(Device.GPU);
    }

    @Test
    void reportSaysWhyBatchesMovedToTheCpu(SimulatedDevice device) {
        device.failOperation(1, ILLEGAL_ADDRESS);
        assertThat(RuntimeHolder.lostDevices()).isZero();

        assertResults(results(100, 1).collectAsList());

        TensorReport report = Tessera.report(spark);
        assertThat(report.toString()).containsPattern("fallbacks +the GPU is lost: .*: 1 batch\\n");
        assertThatThrownBy(() -> report.assertRanOn(Device.GPU))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the GPU is lost");
        assertThat(RuntimeHolder.lostDevices()).isEqualTo(1);
    }
}
