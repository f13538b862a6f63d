package dev.tessera;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plugin.TensorConf;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a plan shows of the device that was asked for, and of those that ran it. */
@ExtendWith(SparkSessions.class)
class PlanDeviceTest {
    private final SparkSession spark = SparkSessions.session();
    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
    private final TensorFunction f = TensorFunction.compile(x.sum());

    private Dataset<Row> rows() {
        return spark.range(0, 10, 1, 2).selectExpr("id", "array(cast(id as float), 2f, 3f) as x");
    }

    @Test
    void planShowsExpressionAndDevice() {
        Dataset<Row> result = rows().select(f.apply(col("x")));

        assertThat(result.queryExecution().executedPlan().toString())
                .contains("TensorMap [tensor[sum(x)](tensor_input#")
                .contains("device auto");
    }

    @Test
    void planOfAQueryThatRanShowsWhereItRan() {
        Dataset<Row> result = rows().select(f.apply(col("x")));
        assertThat(result.queryExecution().executedPlan().toString()).doesNotContain("batches:");

        result.collect();

        assertThat(result.queryExecution().executedPlan().toString()).contains("device auto (batches: 2 on the CPU)");
        assertThat(Operators.of(result).get(0).metrics().apply("cpuBatches").value())
                .isEqualTo(2);
        assertThat(Operators.of(result).get(0).metrics().apply("gpuBatches").value())
                .isZero();
        assertThat(Tessera.report(spark).toString()).contains("cpu (");
    }

    @Test
    void planShowsTheDeviceThatExecutorsStartedWithWhateverASessionSets() {
        SparkSession other = spark.newSession();
        other.conf().set(TensorConf.DEVICE.key(), "gpu");
        Dataset<Row> result = other.range(3)
                .selectExpr("array(cast(id as float), 2f, 3f) as x")
                .select(f.apply(col("x")));

        assertThat(result.collectAsList()).hasSize(3);
        assertThat(result.queryExecution().executedPlan().toString())
                .contains("device auto (batches: ")
                .doesNotContain("gpu");
    }
}
