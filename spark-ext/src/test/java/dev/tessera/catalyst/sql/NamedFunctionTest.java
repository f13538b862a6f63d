package dev.tessera.catalyst.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessions;
import dev.tessera.TensorFunction;
import dev.tessera.Tessera;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        for (String name : List.of("SUM", "tensor_column")) {
            assertThatThrownBy(() -> Tessera.register(spark, name, f))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "there is a function '" + name.toLowerCase(java.util.Locale.ROOT) + "' already");
        }
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
            assertThat(session.sql("SELECT pixel_saved(pixels) FROM images").columns())
                    .containsExactly("pixel_saved(pixels)");
            assertThatThrownBy(() -> session.sql("SELECT pixel_missing(pixels) FROM images"))
                    .isInstanceOf(AnalysisException.class)
                    .hasMessageContaining("spark.tessera.functions.pixel_missing")
                    .hasMessageContaining("there is no such file");
            assertThatThrownBy(() -> session.sql("SELECT pixel_corrupt(pixels) FROM images"))
                    .isInstanceOf(AnalysisException.class)
                    .hasMessageContaining("Cannot read the function at " + corrupt);
        }
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
