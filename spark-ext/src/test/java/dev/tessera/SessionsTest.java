package dev.tessera;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session that was started without Tessera, before and after it is installed. */
@ExtendWith(SparkSessions.class)
class SessionsTest {
    private static final String EXTENSIONS = "spark.sql.extensions";

    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
    private final TensorFunction f = TensorFunction.compile(x.sum());
    private final SparkSession shared = SparkSessions.session();
    private SparkSession plain = shared;

    @BeforeEach
    void startWithoutTessera() {
        shared.sparkContext().conf().remove(EXTENSIONS);
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        plain = SparkSession.builder().getOrCreate();
        SparkSession.setActiveSession(plain);
        shared.sparkContext().conf().set(EXTENSIONS, TesseraExtensions.class.getName());
    }

    @AfterEach
    void restore() {
        SparkSession.setActiveSession(shared);
        SparkSession.setDefaultSession(shared);
    }

    private Dataset<Row> rows() {
        return plain.range(0, 10, 1, 2).selectExpr("id", "array(cast(id as float), 2f, 3f) as x");
    }

    @Test
    void applyingWithoutTesseraFailsAtOnceAndSaysWhatToAdd() {
        assertThat(Tessera.isInstalled(plain)).isFalse();
        assertThatThrownBy(() -> f.apply(col("x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot apply a tensor function: this Spark session has no Tessera; start it with "
                        + "spark.sql.extensions=dev.tessera.TesseraExtensions, or call Tessera.install(spark)");
    }

    @Test
    void installedSessionBatchesProjectionsAndFilters() {
        Tessera.install(plain);
        Tessera.install(plain);
        Dataset<Row> result =
                rows().withColumn("y", f.apply(col("x"))).where("y > 11").select("id", "y");

        assertThat(result.collectAsList()).extracting(row -> row.getLong(0)).containsExactly(7L, 8L, 9L);
        assertThat(Operators.batches(result)).isEqualTo(2);
        Tessera.report(plain).assertRanOn(Device.CPU);
    }

    @Test
    void whatSparkSaysOfAColumnHoldsNoConstants() {
        Tessera.install(plain);
        TensorFunction large = TensorFunction.compile(x.matmul(Tensors.constant(new float[3 * 10_000], 3, 10_000)));

        assertThat(large.apply(col("x")).toString()).hasSizeLessThan(1_000);
        assertThatThrownBy(() -> rows().select(large.apply(col("nowhere"))))
                .isInstanceOf(AnalysisException.class)
                .message()
                .contains("`nowhere` cannot be resolved")
                .hasSizeLessThan(2_000);
    }

    @Test
    void installedSessionHoldsGuards() {
        Tessera.install(plain);
        rows().selectExpr("id", "if(id < 8, x, array(1f)) as x").createOrReplaceTempView("mixed");
        Tessera.register(plain, "total", f);

        Dataset<Row> result = plain.sql(
                "SELECT id, CASE WHEN size(x) = 3 THEN total(x) END AS y FROM mixed WHERE size(x) = 1 OR total(x) >"
                        + " 10");

        assertThat(result.collectAsList()).extracting(row -> row.get(1)).containsExactly(11f, 12f, null, null);
        assertThat(Tessera.report(plain).singleRows()).isZero();
    }

    @Test
    void misspeltSettingIsNamedInTheReportWithTheOneThatWasMeant() {
        Tessera.install(plain);
        plain.conf().set("spark.tessera.batch.maxRow", "7");
        plain.conf().set("spark.tessera.warp", "9");
        plain.conf().set("spark.tessera.device", "cpu");
        try {
            rows().select(f.apply(col("x"))).collect();

            assertThat(Tessera.report(plain).settingsWithoutEffect())
                    .satisfiesExactly(
                            near -> assertThat(near)
                                    .isEqualTo("spark.tessera.batch.maxRow is no setting of Tessera; did you mean"
                                            + " 'spark.tessera.batch.maxRows'?"),
                            far -> assertThat(far)
                                    .startsWith("spark.tessera.warp is no setting of Tessera; they are")
                                    .contains("spark.tessera.device, spark.tessera.batch.maxRows"),
                            late -> assertThat(late)
                                    .isEqualTo("spark.tessera.device is set in this session, and is read only when"
                                            + " Spark starts"));
            assertThat(Tessera.report(plain).toString()).contains("setting    spark.tessera.batch.maxRow is no");
        } finally {
            plain.conf().unset("spark.tessera.batch.maxRow");
            plain.conf().unset("spark.tessera.warp");
            plain.conf().unset("spark.tessera.device");
        }
    }

    @Test
    void senselessSettingsFailTheInstallationWithKeyValueAndWhatIsAllowed() {
        Map<String, String> senseless = Map.of(
                "spark.tessera.device", "auto, gpu or cpu",
                "spark.tessera.cpu.openblas.enabled", "true or false",
                "spark.tessera.cpu.vectorApi.enabled", "true or false",
                "spark.tessera.batch.maxRows", "a whole number above 0",
                "spark.tessera.cpu.maxConstantBytes", "a number of bytes");
        senseless.forEach((key, allowed) -> {
            plain.conf().set(key, "-1x");
            try {
                assertThatThrownBy(() -> Tessera.install(plain))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("Cannot read %s: it is '-1x'; set it to %s", key, allowed);
                assertThat(Tessera.isInstalled(plain)).isFalse();
            } finally {
                plain.conf().unset(key);
            }
        });
    }

    @Test
    void senselessSettingFailsASessionThatIsBuiltWithTheExtension() {
        shared.sparkContext().conf().set("spark.tessera.device", "tpu");
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        try {
            assertThatThrownBy(() -> SparkSession.builder().getOrCreate().sql("SELECT 1"))
                    .hasMessageContaining("Cannot read spark.tessera.device: it is 'tpu'; set it to auto, gpu or cpu");
        } finally {
            shared.sparkContext().conf().remove("spark.tessera.device");
        }
    }

    @Test
    void reportSaysWhatRan() {
        Tessera.install(plain);
        plain.sparkContext().setJobDescription("score");
        Dataset<Row> result = rows().select(f.apply(col("x")));
        try {
            assertThatThrownBy(() -> Tessera.report(plain, "other")).hasMessageContaining("Cannot report on 'other'");
            result.collect();
            result.collect();
        } finally {
            plain.sparkContext().setJobDescription(null);
        }

        TensorReport last = Tessera.report(plain);
        TensorReport named = Tessera.report(plain, "score");
        assertThat(last.receipt().rowCount()).isEqualTo(10);
        assertThat(named.receipt().rowCount()).isEqualTo(20);
        assertThat(named.operatorBatches()).isEqualTo(4);
        assertThat(last.toString())
                .contains("10 in 2 batches, and 0 one by one")
                .contains("120 in, 40 out")
                .contains("bad rows   0");
        assertThatThrownBy(() -> last.assertRanOn(Device.GPU))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected every batch on the GPU")
                .hasMessageContaining("2 batches");
    }
}
