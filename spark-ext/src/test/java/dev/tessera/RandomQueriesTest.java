package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.compile.CompileOptions;
import dev.tessera.compile.OnBadRow;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queries drawn at random give the rows that the same queries give with built-in expressions in the place of calls. */
@ExtendWith(SparkSessions.class)
class RandomQueriesTest {
    private static final long SEED = Long.getLong("tessera.seed", 20_260);
    private static final int COUNT = Integer.getInteger("tessera.queries", 30);

    private final SparkSession spark = SparkSessions.session().newSession();

    @BeforeEach
    void createTables() {
        tables(spark);
    }

    static void tables(SparkSession spark) {
        spark.conf().set("spark.sql.shuffle.partitions", 2);
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
        Variable any = Tensors.variable("x", DType.FLOAT32, Dim.named("n"));
        CompileOptions lenient = CompileOptions.DEFAULT.withOnBadRow(OnBadRow.NULL);
        Tessera.register(spark, "strict_sum", TensorFunction.compile(x.sum()));
        Tessera.register(spark, "lenient_sum", TensorFunction.compile(lenient, x.sum()));
        Tessera.register(spark, "doubled", TensorFunction.compile(any.mul(2)));
        String[] columns = {"id", "cast(id % 3 as int) AS k", "array(cast(id % 7 as float), 1f, 2f) AS x"};
        spark.range(0, 16, 1, 2).selectExpr(columns).createOrReplaceTempView("strict");
        spark.sql("SELECT id, k, CASE id % 5 WHEN 2 THEN null WHEN 4 THEN array(1f) ELSE x END AS x FROM strict")
                .createOrReplaceTempView("t");
        spark.sql("CACHE TABLE cached AS SELECT * FROM t WHERE id > 2 AND lenient_sum(x) > 3");
    }

    @AfterEach
    void dropCache() {
        spark.sql("UNCACHE TABLE cached");
    }

    @Test
    void rowsAreThoseOfBuiltInExpressions() {
        RandomQueries queries = new RandomQueries(SEED);
        for (int i = 0; i < COUNT; i++) {
            RandomQueries.Query query = queries.next();
            String place = "-Dtessera.seed=%d, query %d:%n%s%nand plain:%n%s"
                    .formatted(SEED, i, query.withCalls(), query.plain());
            List<String> expected = rows(query.plain(), false, place);
            spark.conf().set("spark.sql.adaptive.enabled", i % 2 == 0);
            List<String> actual = rows(query.withCalls(), i % 4 == 0, place);
            assertThat(actual).as(place).isEqualTo(expected);
        }
    }

    private List<String> rows(String sql, boolean isCompiled, String place) {
        // Compiling each query's own classes takes most of the time.
        spark.conf().set("spark.sql.codegen.wholeStage", isCompiled);
        spark.conf().set("spark.sql.codegen.factoryMode", isCompiled ? "FALLBACK" : "NO_CODEGEN");
        try {
            return spark.sql(sql).collectAsList().stream()
                    .map(Object::toString)
                    .sorted()
                    .toList();
        } catch (RuntimeException e) {
            throw new AssertionError("Cannot run " + place, e);
        }
    }
}
