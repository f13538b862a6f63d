package dev.tessera.catalyst.sql;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.Operators;
import dev.tessera.SparkSessions;
import dev.tessera.TensorFunction;
import dev.tessera.Tessera;
import dev.tessera.catalyst.encoding.ColumnDeclaration;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** dtype and shape travel with a column, and the next expression is checked against them before a row is read. */
@ExtendWith(SparkSessions.class)
class TensorMetadataTest {
    private static final ColumnDeclaration DECLARED = new ColumnDeclaration(DType.FLOAT32, List.of(2L, 3L));

    private final SparkSession spark = SparkSessions.session();
    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(2), Dim.of(3));
    private final Variable y = Tensors.variable("y", DType.FLOAT32, Dim.of(3), Dim.of(2));

    /** y = 2 * x, in the flat form of x. */
    private Dataset<Row> scored() {
        return rows().withColumn("y", TensorFunction.compile(x.mul(2)).apply(col("x")));
    }

    private Dataset<Row> rows() {
        return spark.range(0, 4, 1, 2).selectExpr("id", "array(cast(id as float), 1f, 2f, 3f, 4f, 5f) as x");
    }

    private static Optional<ColumnDeclaration> declaration(Dataset<Row> rows) {
        return ColumnDeclaration.of(rows.schema().apply("y").metadata());
    }

    /** A flat column of six floats could be read as 3 by 2; the declaration of 2 by 3 forbids it. */
    private void assertChecked(Dataset<Row> rows) {
        assertThat(declaration(rows)).contains(DECLARED);
        TensorFunction transposed = TensorFunction.compile(y.sum());
        assertThatThrownBy(() -> rows.select(transposed.apply(col("y"))))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("(declared float32[2, 3]) as float32[3, 2]");
        TensorFunction right = TensorFunction.compile(x.sum());
        Dataset<Row> sums = rows.orderBy("id").select(right.apply(col("y")));
        assertThat(sums.collectAsList()).extracting(row -> row.getFloat(0)).containsExactly(30f, 32f, 34f, 36f);
        assertThat(Operators.batches(sums)).isPositive();
    }

    @Test
    void declarationsSurviveSelectAndRename() {
        assertChecked(scored());
        assertChecked(scored().select("id", "y").withColumnRenamed("y", "z").select(col("id"), col("z").as("y")));
        assertChecked(scored().filter("id >= 0").repartition(2).unionByName(scored().limit(0)));
    }

    @Test
    void declarationsSurviveTheCache() {
        Dataset<Row> cached = scored().cache();
        try {
            assertThat(cached.count()).isEqualTo(4);
            assertChecked(cached);
        } finally {
            cached.unpersist(true);
        }
    }

    @Test
    void declarationsSurviveParquet(@TempDir Path folder) {
        String path = folder.resolve("scored").toString();
        scored().write().parquet(path);
        assertChecked(spark.read().parquet(path));
    }

    @Test
    void declarationsAreMadeInSqlWithinOneQuery() {
        Tessera.register(spark, "metadata_double", TensorFunction.compile(x.mul(2)));
        Tessera.register(spark, "metadata_transposed", TensorFunction.compile(y.sum()));
        rows().createOrReplaceTempView("metadata_rows");
        Dataset<Row> scored = spark.sql("SELECT id, metadata_double(x) AS y FROM metadata_rows");
        assertChecked(scored);
        for (String query : List.of(
                "SELECT metadata_transposed(y) FROM (SELECT metadata_double(x) AS y FROM metadata_rows)",
                "SELECT metadata_transposed(metadata_double(x)) FROM metadata_rows",
                "WITH s AS (SELECT metadata_double(x) AS y FROM metadata_rows) SELECT metadata_transposed(y) FROM s")) {
            assertThatThrownBy(() -> spark.sql(query))
                    .isInstanceOf(AnalysisException.class)
                    .hasMessageContaining("(declared float32[2, 3]) as float32[3, 2]");
        }
    }

    @Test
    void declaredColumnsAreCheckedWhenTheyAreDeclared() {
        Dataset<Row> doubled = rows().selectExpr("id", "transform(x, e -> 2f * e) AS y");
        assertChecked(doubled.selectExpr("id", "tensor_column(y, 'float32[2, 3]') AS y"));
        assertChecked(doubled.withMetadata("y", DECLARED.addTo(Metadata.empty())));
    }
}
