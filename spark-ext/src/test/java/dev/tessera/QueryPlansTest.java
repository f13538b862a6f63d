package dev.tessera;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.catalyst.TensorMapExec;
import dev.tessera.catalyst.encoding.ColumnDeclaration;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What calls are in a query before it runs: types, messages, and where the operator is. */
@ExtendWith(SparkSessions.class)
class QueryPlansTest {
    private final SparkSession spark = SparkSessions.session();
    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));

    private Dataset<Row> rows() {
        return spark.range(0, 10, 1, 2).selectExpr("id", "array(cast(id as float), 2f, 3f) as x");
    }

    @Test
    void columnHasTheTypeOfTheOutputAndDeclaresItsShape() {
        Dataset<Row> result =
                rows().withColumn("y", TensorFunction.compile(x.mul(2f)).apply(col("x")));

        assertThat(result.schema().apply("y").dataType())
                .isEqualTo(DataTypes.createArrayType(DataTypes.FloatType, false));
        assertThat(ColumnDeclaration.of(result.schema().apply("y").metadata()))
                .contains(new ColumnDeclaration(DType.FLOAT32, List.of(3L)));
    }

    @Test
    void projectionIsAbsorbedByTheOperator() {
        Dataset<Row> result =
                rows().select(col("id"), TensorFunction.compile(x.sum()).apply(col("x")));

        assertThat(Operators.of(result)).hasSize(1);
        assertThat(result.queryExecution().executedPlan().toString()).startsWith("TensorMap [id#");
    }

    @Test
    void aCopyOfTheOperatorMadeWhereNoSessionIsActiveWorks() throws InterruptedException {
        Dataset<Row> result = rows().select(TensorFunction.compile(x.sum()).apply(col("x")));
        TensorMapExec operator = Operators.of(result).get(0);
        List<Object> seen = new CopyOnWriteArrayList<>();
        Thread other = new Thread(() -> {
            SparkSession.clearActiveSession();
            SparkPlan copy = operator.withNewChildInternal(operator.child());
            seen.add(copy.simpleString(100));
            seen.add(copy.metrics().contains("batches"));
        });
        other.start();
        other.join();

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).toString()).startsWith("TensorMap [").contains("device");
        assertThat(seen.get(1)).isEqualTo(true);
    }

    @Test
    void wrongDTypeIsAnErrorOfTheAnalyzer() {
        Dataset<Row> doubles = spark.range(4).selectExpr("array(1d, 2d, 3d) as x");
        TensorFunction f = TensorFunction.compile(x.sum());

        assertThatThrownBy(() -> doubles.select(f.apply(col("x"))))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("Cannot read column x array<double> as float32[3]")
                .hasMessageContaining("allowInputDowncast");
    }

    @Test
    void foreignBytesAreRefused() {
        assertThatThrownBy(() -> rows().select(call_function(
                        "tessera_call", org.apache.spark.sql.functions.lit(new byte[] {1, 2}), col("x"))))
                .hasMessageContaining("Cannot read function: 2 bytes that start no function");
    }

    @Test
    void wrongNumberOfColumnsIsRefusedAtOnce() {
        TensorFunction f = TensorFunction.compile(x.sum());

        assertThatThrownBy(() -> f.apply(col("x"), col("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot apply sum(x) to 2 columns: it has the variables [x]");
    }

    @Test
    void unboundParameterIsRefusedAtOnce() {
        var w = Tensors.parameter("w", DType.FLOAT32, Dim.of(3));
        TensorFunction f = TensorFunction.compile(x.mul(w).sum(), x, w);

        assertThatThrownBy(() -> f.apply(col("x")))
                .hasMessageContaining("parameter 'w' is unbound; bind it with f.with(\"w\", tensor)");
        assertThatThrownBy(() -> f.with("w", HostTensor.of(new float[] {1, 2})))
                .hasMessageContaining("Cannot bind parameter 'w' to float32[2]: it is declared float32[3]");
        assertThatThrownBy(() -> f.with("v", HostTensor.of(new float[] {1, 2, 3})))
                .hasMessageContaining("Cannot bind parameter 'v': the function has [w]");
    }
}
