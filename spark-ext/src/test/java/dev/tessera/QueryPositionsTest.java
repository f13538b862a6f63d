package dev.tessera;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every position of a call in a query: the rows, and whether the operator made them, in how many batches. */
@ExtendWith(SparkSessions.class)
class QueryPositionsTest {
    private final SparkSession spark = SparkSessions.session();
    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
    private final TensorFunction f = TensorFunction.compile(x.sum());
    private final Column y = f.apply(col("x"));

    /** Rows 0 to 9 in two partitions, x = [id, 2, 3], so f(x) = id + 5. */
    private Dataset<Row> rows() {
        return spark.range(0, 10, 1, 2).selectExpr("id", "array(cast(id as float), 2f, 3f) as x");
    }

    private static List<Object> values(Dataset<Row> dataset, int column) {
        return dataset.collectAsList().stream().map(row -> row.get(column)).toList();
    }

    private void assertBatches(Dataset<Row> dataset, int batches) {
        assertThat(Operators.batches(dataset)).isEqualTo(batches);
        TensorReport report = Tessera.report(spark);
        assertThat(report.operatorBatches()).isEqualTo(batches);
        assertThat(report.singleRows()).isZero();
    }

    @Test
    void selectIsBatched() {
        Dataset<Row> result = rows().select(y);

        assertThat(values(result, 0)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
        assertBatches(result, 2);
    }

    @Test
    void expressionOverACallIsBatched() {
        Dataset<Row> result = rows().select(col("id"), y.plus(1).cast("int"), y.gt(8f));

        assertThat(values(result, 1)).containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(values(result, 2).subList(2, 5)).containsExactly(false, false, true);
        assertBatches(result, 2);
    }

    @Test
    void filterIsBatched() {
        Dataset<Row> result = rows().where(y.geq(12f)).select("id");

        assertThat(values(result, 0)).containsExactly(7L, 8L, 9L);
        assertBatches(result, 2);
    }

    @Test
    void resultUsedInAFilterAndAboveItIsComputedOnce() {
        Dataset<Row> result = rows().withColumn("y", y).where("y >= 12");

        assertThat(values(result, 2)).containsExactly(12f, 13f, 14f);
        assertBatches(result, 2);
    }

    @Test
    void groupingKeyIsBatched() {
        Dataset<Row> result = rows().groupBy(y.gt(9f).as("big")).count().orderBy("big");

        assertThat(values(result, 1)).containsExactly(5L, 5L);
        assertBatches(result, 2);
    }

    @Test
    void aggregateArgumentIsBatched() {
        Dataset<Row> result =
                rows().groupBy(col("id").mod(2).as("odd")).agg(sum(y)).orderBy("odd");

        // 5 + 7 + 9 + 11 + 13 and 6 + 8 + 10 + 12 + 14
        assertThat(values(result, 1)).containsExactly(45.0, 50.0);
        assertBatches(result, 2);
    }

    @Test
    void distinctAggregateIsBatched() {
        Dataset<Row> result = rows().agg(
                        org.apache.spark.sql.functions.countDistinct(y),
                        org.apache.spark.sql.functions.countDistinct(col("id")));

        assertThat(values(result, 0)).containsExactly(10L);
        assertBatches(result, 2);
    }

    @Test
    void orderByIsBatched() {
        Dataset<Row> result = rows().orderBy(y.desc()).select("id");

        assertThat(values(result, 0)).containsExactly(9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L, 0L);
        // Spark runs the rows once to sample the ranges that it partitions them by, and once more.
        assertBatches(result, 4);
    }

    @Test
    void windowOrderIsBatched() {
        Dataset<Row> result = rows().select(
                        col("id"),
                        row_number()
                                .over(Window.partitionBy(col("id").mod(2)).orderBy(y.desc()))
                                .as("n"))
                .where("n = 1")
                .orderBy("id");

        assertThat(values(result, 0)).containsExactly(8L, 9L);
        assertBatches(result, 2);
    }

    @Test
    void innerCallIsBatchedBelowTheOuter() {
        TensorFunction doubled = TensorFunction.compile(x.mul(2f));
        Dataset<Row> result = rows().select(f.apply(doubled.apply(col("x"))));

        assertThat(values(result, 0)).containsExactly(10f, 12f, 14f, 16f, 18f, 20f, 22f, 24f, 26f, 28f);
        assertThat(Operators.of(result)).hasSize(2);
        assertBatches(result, 4);
    }

    @Test
    void inputThatIsNoColumnIsComputedBelow() {
        Dataset<Row> result = rows().select(f.apply(expr("transform(x, e -> e + 1f)")));

        assertThat(values(result, 0)).containsExactly(8f, 9f, 10f, 11f, 12f, 13f, 14f, 15f, 16f, 17f);
        assertBatches(result, 2);
    }

    @Test
    void callsAlikeAreEvaluatedOnce() {
        Dataset<Row> result = rows().select(y.as("a"), y.as("b"), y.plus(1f).as("c"));

        assertThat(result.first().toSeq().mkString(" ")).isEqualTo("5.0 5.0 6.0");
        assertThat(Tessera.report(spark).receipt().batchCount()).isEqualTo(1);
    }

    /** A condition is evaluated for pairs of rows, and may be there to be skipped. */
    @Test
    void joinConditionIsEvaluatedRowByRow() {
        Dataset<Row> right = spark.range(0, 3, 1, 1).selectExpr("cast(id + 5 as float) as k");
        Dataset<Row> result = rows().join(right, y.plus(col("k")).gt(17f)).select("id", "k");

        // id + 5 + k > 17 for k of 5, 6, 7
        assertThat(values(result.orderBy("id", "k"), 0)).containsExactly(6L, 7L, 7L, 8L, 8L, 8L, 9L, 9L, 9L);
        assertThat(Operators.of(result)).isEmpty();
        assertThat(Tessera.report(spark).singleRows()).isPositive();
    }

    /** The element of an array has no column. */
    @Test
    void lambdaBodyIsEvaluatedRowByRow() {
        Dataset<Row> result = rows().select(col("id"), expr("array(x, array(1f, 1f, 1f)) as xs"))
                .select(transform(col("xs"), e -> f.apply(e)));

        assertThat(result.first().getList(0)).isEqualTo(List.of(5f, 3f));
        assertThat(Operators.of(result)).isEmpty();
        assertThat(Tessera.report(spark).singleRows()).isPositive();
    }

    /** One row a group. */
    @Test
    void callOfAnAggregateIsEvaluatedRowByRow() {
        Dataset<Row> result = rows().groupBy(col("id").mod(2).as("odd"))
                .agg(f.apply(max(col("x"))).as("y"))
                .orderBy("odd");

        assertThat(values(result, 1)).containsExactly(13f, 14f);
        assertThat(Operators.of(result)).isEmpty();
        assertThat(Tessera.report(spark).singleRows()).isPositive();
    }

    @Test
    void constantsAreEvaluatedOnTheDriverAndReported() {
        Dataset<Row> local = spark.createDataFrame(
                List.of(org.apache.spark.sql.RowFactory.create((Object) new Float[] {1f, 2f, 3f})),
                org.apache.spark.sql.types.StructType.fromDDL("x array<float>"));
        Dataset<Row> result = local.select(y);

        assertThat(values(result, 0)).containsExactly(6f);
        assertThat(Operators.of(result)).isEmpty();
        assertThat(Tessera.report(spark).singleRows()).isPositive();
    }

    @Test
    void nullRowIsNull() {
        Dataset<Row> result = rows().select(f.apply(when(col("id").notEqual(4), col("x"))));

        assertThat(values(result, 0)).containsExactly(5f, 6f, 7f, 8f, null, 10f, 11f, 12f, 13f, 14f);
        assertBatches(result, 2);
    }

    @Test
    void guardInCaseWhenNeverFailsOnOtherRows() {
        Dataset<Row> mixed =
                rows().withColumn("x", when(col("id").lt(8), col("x")).otherwise(expr("array(1f)")));
        Dataset<Row> result = mixed.select(when(size(col("x")).equalTo(3), y).otherwise(lit(-1f)));

        assertThat(values(result, 0)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, -1f, -1f);
        assertBatches(result, 2);
    }

    @Test
    void guardInWhereNeverFailsOnOtherRows() {
        Dataset<Row> mixed =
                rows().withColumn("x", when(col("id").lt(8), col("x")).otherwise(expr("array(1f)")));
        Dataset<Row> result =
                mixed.where(size(col("x")).equalTo(3).and(y.gt(10f))).select("id");

        assertThat(values(result, 0)).containsExactly(6L, 7L);
        assertBatches(result, 2);
    }

    @Test
    void laterConjunctSeesOnlyRowsThatTheEarlierLetThrough() {
        Dataset<Row> mixed =
                rows().withColumn("z", when(col("id").lt(8), col("x")).otherwise(expr("array(1f)")));
        Dataset<Row> result =
                mixed.where(y.lt(12f).and(f.apply(col("z")).gt(10f))).select("id");

        assertThat(values(result, 0)).containsExactly(6L);
        assertThat(Tessera.report(spark).singleRows()).isZero();
    }

    /** Rows 8 and 9 alone have no row whose f(x) is two more. */
    @Test
    void conditionThatJoinsASubqueryReadsColumnsOfBoth() {
        rows().createOrReplaceTempView("joined_to_itself");
        Dataset<Row> result =
                spark.sql("SELECT id FROM joined_to_itself t WHERE EXISTS (SELECT 1 FROM joined_to_itself u WHERE"
                        + " tensor_eval('sum(x)', named_struct('x', u.x)) = tensor_eval('sum(x)', named_struct('x', t.x))"
                        + " + 2 AND u.id <> t.id) ORDER BY id");

        assertThat(values(result, 0)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }
}
