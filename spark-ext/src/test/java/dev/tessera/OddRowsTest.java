package dev.tessera;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.compile.CompileOptions;
import dev.tessera.compile.OnBadRow;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plugin.TensorConf;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows that are long, wide or null in odd ways. */
@ExtendWith(SparkSessions.class)
class OddRowsTest {
    private final SparkSession spark = SparkSessions.session();
    private final Variable v = Tensors.variable("v", DType.FLOAT32, Dim.named("n"));

    @AfterEach
    void resetBatches() {
        spark.conf().unset(TensorConf.BATCH_MAX_ROWS.key());
    }

    @Test
    void rowsOf16MebibytesAreEvaluatedAndPassThrough() {
        TensorFunction largest = TensorFunction.compile(v.max());
        int length = (16 << 20) / Float.BYTES;
        List<Row> rows = spark.range(0, 5, 1, 1)
                .selectExpr("id", "array_repeat(cast(id as float), if(id = 2, 1, %d)) as v".formatted(length))
                .withColumn("y", largest.apply(col("v")))
                .selectExpr("y", "size(v)", "element_at(v, -1)")
                .collectAsList();

        for (int id = 0; id < 5; id++) {
            assertThat(rows.get(id).getFloat(0)).isEqualTo(id);
            assertThat(rows.get(id).getInt(1)).isEqualTo(id == 2 ? 1 : length);
            assertThat(rows.get(id).getFloat(2)).isEqualTo(id);
        }
    }

    @Test
    void twoHundredColumnsPassThroughNullsAmongThem() {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), 7);
        List<String> columns = new ArrayList<>();
        columns.add("array(1f, cast(id as float)) as v");
        for (int i = 0; i < 200; i++) {
            columns.add(
                    switch (i % 4) {
                        case 0 -> "id + %d as c%d".formatted(i, i);
                        case 1 ->
                            "if((id + %d) %% 5 = 0, null, repeat('x', cast((id + %d) %% 40 as int))) as c%d"
                                    .formatted(i, i, i);
                        case 2 -> "if(id %% %d = 0, null, cast(id as short)) as c%d".formatted(i + 1, i);
                        default -> "array(id, null, %d) as c%d".formatted(i, i);
                    });
        }
        Dataset<Row> wide = spark.range(0, 100, 1, 2).selectExpr(columns.toArray(new String[0]));
        TensorFunction sum = TensorFunction.compile(v.sum());
        Dataset<Row> result = wide.withColumn("y", sum.apply(col("v")));

        assertThat(result.drop("y").collectAsList()).isEqualTo(wide.collectAsList());
        List<Row> ys = result.select("y").collectAsList();
        for (int id = 0; id < 100; id++) {
            assertThat(ys.get(id).getFloat(0)).isEqualTo(1f + id);
        }
        assertThat(Operators.of(result)).hasSize(1);
    }

    @Test
    void structOfResultsIsNullWhereARowIsNullOrBad() {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), 3);
        TensorFunction both = TensorFunction.compile(
                Graph.of(new Graph.Output("twice", v.mul(2f)), new Graph.Output("total", v.sum())),
                CompileOptions.DEFAULT.withOnBadRow(OnBadRow.NULL));
        Dataset<Row> result = spark.range(0, 8, 1, 1)
                .selectExpr("case id when 1 then null when 4 then array(1f, null) when 6 then array() "
                        + "else array(cast(id as float), 1f) end as v")
                .select(both.apply(col("v")).as("r"));

        List<Row> rows = result.collectAsList();

        assertThat(Operators.of(result)).hasSize(1);
        for (int id = 0; id < 8; id++) {
            if (id == 1 || id == 4) {
                assertThat(rows.get(id).isNullAt(0)).isTrue();
                continue;
            }
            Row struct = rows.get(id).getStruct(0);
            assertThat(struct.<Float>getList(0)).isEqualTo(id == 6 ? List.of() : List.of(2f * id, 2f));
            assertThat(struct.getFloat(1)).isEqualTo(id == 6 ? 0f : id + 1f);
        }
        assertThat(Tessera.report(spark).badRows()).isEqualTo(1);
    }
}
