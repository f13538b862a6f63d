package dev.tessera.catalyst.sql;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.Operators;
import dev.tessera.SparkSessions;
import dev.tessera.TensorFunction;
import dev.tessera.Tessera;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Functions that SQL and the DataFrame API find by name: registered in a session, or saved for a whole cluster. */
@ExtendWith(SparkSessions.class)
class NamedFunctionTest {
    private final SparkSession spark = SparkSessions.session();
    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"));

    /** Rows 0 to 3 in two partitions, pixels = [id, 3]. */
    private Dataset<Row> images(SparkSession session) {
        Dataset<Row> images = session.range(0, 4, 1, 2).selectExpr("id", "array(cast(id as float), 3f) as pixels");
        images.createOrReplaceTempView("images");
        return images;
    }

    private static void assertSums(Dataset<Row> result) {
        assertThat(result.collectAsList()).extracting(row -> row.getFloat(0)).containsExactly(3f, 4f, 5f, 6f);
        assertThat(Operators.batches(result)).isPositive();
    }

    @Test
    void aRegisteredFunctionIsCalledByItsName() {
        images(spark);
        Tessera.register(spark, "Pixel_Sum", TensorFunction.compile(x.sum()));
        Dataset<Row> result = spark.sql("SELECT pixel_sum(pixels) FROM images");
        assertThat(result.columns()).containsExactly("Pixel_Sum(pixels)");
        assertSums(result);
        assertSums(images(spark).select(call_function("pixel_sum", col("pixels"))));
        Tessera.register(spark, "pixel_sum", TensorFunction.compile(x.min()));
        assertThat(spark.sql("SELECT pixel_sum(pixels) FROM images").first().getFloat(0))
                .isZero();
    }

    @Test
    void aFunctionIsCalledWithItsOwnColumns() {
        images(spark);
        Tessera.register(spark, "pixel_total", TensorFunction.compile(x.sum()));
        assertThatThrownBy(() -> spark.sql("SELECT pixel_total(pixels, id) FROM images"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("Cannot call a function of 1 columns with 2");
        assertThatThrownBy(() -> spark.sql("SELECT pixel_total(id) FROM images"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("Cannot read column id bigint as float32[n]");
    }

    @Test
    void someNamesAreRefused() {
        TensorFunction f = TensorFunction.compile(x.sum());
        assertThatThrownBy(() -> Tessera.register(spark, "my-function", f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot register a function: 'my-function' is no name for SQL; use letters, digits and _");
        for (String name : List.of("SUM", "tensor_eval")) {
            assertThatThrownBy(() -> Tessera.register(spark, name, f))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "there is a function '" + name.toLowerCase(java.util.Locale.ROOT) + "' already");
        }
    }

    @Test
    void anUnboundParameterIsRefusedAndABoundOneRegistered() {
        images(spark);
        Parameter scale = Tensors.parameter("scale", TensorType.scalar(DType.FLOAT32));
        TensorFunction f = TensorFunction.compile(x.mul(scale).sum(), x, scale);
        assertThatThrownBy(() -> Tessera.register(spark, "scaled_sum", f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameter 'scale' is unbound");
        Tessera.register(spark, "scaled_sum", f.with("scale", HostTensor.scalar(1f)));
        assertSums(spark.sql("SELECT scaled_sum(pixels) FROM images"));
    }

    @Test
    void vectorsComeBackAsVectorsAndOtherwiseAsAsked() {
        Variable v = Tensors.variable("v", DType.FLOAT64, Dim.of(2));
        TensorFunction twice = TensorFunction.compile(v.mul(2));
        Dataset<Row> rows = images(spark)
                .selectExpr(
                        "id",
                        "tensor_eval('x * 1.0', named_struct('x', cast(pixels as array<double>)), "
                                + "map('as', 'vector')) as v");
        assertThat(rows.schema().apply("v").dataType()).isEqualTo(new VectorUDT());
        Dataset<Row> result = rows.select(
                twice.apply(col("v")).as("vector"),
                twice.as("nested").apply(col("v")).as("nested"),
                twice.as("binary").apply(col("v")).as("binary"));
        assertThat(result.schema().apply("vector").dataType()).isEqualTo(new VectorUDT());
        assertThat(result.schema().apply("nested").dataType().catalogString()).isEqualTo("array<double>");
        assertThat(result.schema().apply("binary").dataType().catalogString()).isEqualTo("binary");
        List<Row> collected = result.collectAsList();
        for (int id = 0; id < 4; id++) {
            assertThat((Vector) collected.get(id).get(0)).isEqualTo(Vectors.dense(2 * id, 6));
            assertThat(collected.get(id).getList(1)).isEqualTo(List.of(2d * id, 6d));
        }
        assertThat(Operators.batches(result)).isPositive();
        assertThatThrownBy(() -> twice.as("list"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot write an output as 'list'");
    }

    @Test
    void savedFunctionsAreFoundInEverySession(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("sum.tessera");
        TensorFunction.compile(x.sum()).save(file);
        Path corrupt = Files.write(folder.resolve("corrupt"), new byte[] {1, 2, 3});
        SparkSession fresh =
                sessionWith("pixel_saved", file, "pixel_missing", folder.resolve("none"), "pixel_corrupt", corrupt);
        for (SparkSession session : List.of(fresh, fresh.newSession())) {
            images(session);
            assertSums(session.sql("SELECT pixel_saved(pixels) FROM images"));
            assertSums(images(session).select(call_function("pixel_saved", col("pixels"))));
            assertThatThrownBy(() -> session.sql("SELECT pixel_missing(pixels) FROM images"))
                    .isInstanceOf(AnalysisException.class)
                    .hasMessageContaining("spark.tessera.functions.pixel_missing")
                    .hasMessageContaining("there is no such file");
            assertThatThrownBy(() -> session.sql("SELECT pixel_corrupt(pixels) FROM images"))
                    .isInstanceOf(AnalysisException.class)
                    .hasMessageContaining("Cannot read the function at " + corrupt);
        }
    }

    @Test
    void aSavedFunctionThatHasChangedIsReadAgain(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("changing.tessera");
        TensorFunction.compile(x.sum().sub(x.sum())).save(file);
        SparkSession session = sessionWith("pixel_changing", file);
        images(session);
        assertThat(session.sql("SELECT pixel_changing(pixels) FROM images")
                        .first()
                        .getFloat(0))
                .isZero();
        TensorFunction.compile(x.sum()).save(file);
        assertSums(session.sql("SELECT pixel_changing(pixels) FROM images"));
    }

    @Test
    void aSessionThatTesseraWasInstalledInFindsFunctionsToo(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("sum.tessera");
        TensorFunction.compile(x.sum()).save(file);
        String extensions = spark.sparkContext().conf().get("spark.sql.extensions");
        spark.sparkContext().conf().remove("spark.sql.extensions");
        SparkSession bare;
        try {
            bare = sessionWith();
        } finally {
            spark.sparkContext().conf().set("spark.sql.extensions", extensions);
        }
        assertThatThrownBy(() -> Tessera.register(bare, "pixel_installed", TensorFunction.compile(x.sum())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Tessera.install(spark)");
        bare.conf().set(SqlFunctions.SAVED_PREFIX + "pixel_stored", file.toString());
        Tessera.install(bare);
        Tessera.register(bare, "pixel_installed", TensorFunction.compile(x.sum()));
        Tessera.register(bare, "pixel_doubled", TensorFunction.compile(x.mul(2)));
        images(bare);
        assertSums(bare.sql("SELECT pixel_installed(pixels) FROM images"));
        assertSums(bare.sql("SELECT pixel_stored(pixels) FROM images"));
        assertSums(bare.sql("SELECT tensor_eval('sum(p)', named_struct('p', pixels)) FROM images"));
        assertThatThrownBy(() -> bare.sql("SELECT pixel_doubled(tensor_column(pixels, 'float32[1, 2]')) FROM images"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("(declared float32[1, 2]) as float32[n]: the shapes differ");
    }

    /** A session that is built anew in the running context, as a cluster builds each, with functions in its configuration. */
    private SparkSession sessionWith(Object... namesAndPaths) {
        for (int i = 0; i < namesAndPaths.length; i += 2) {
            spark.sparkContext()
                    .conf()
                    .set(SqlFunctions.SAVED_PREFIX + namesAndPaths[i], namesAndPaths[i + 1].toString());
        }
        try {
            SparkSession.clearActiveSession();
            SparkSession.clearDefaultSession();
            return SparkSession.builder().getOrCreate();
        } finally {
            SparkSession.setDefaultSession(spark);
            SparkSession.setActiveSession(spark);
            for (int i = 0; i < namesAndPaths.length; i += 2) {
                spark.sparkContext().conf().remove(SqlFunctions.SAVED_PREFIX + namesAndPaths[i]);
            }
        }
    }
}
