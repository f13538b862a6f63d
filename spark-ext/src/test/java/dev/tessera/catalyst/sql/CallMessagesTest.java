package dev.tessera.catalyst.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the analyzer says of each wrong call: the column, what was wanted of it, and what to write. */
@ExtendWith(SparkSessions.class)
class CallMessagesTest {
    private final SparkSession spark = SparkSessions.session();

    @BeforeEach
    void createTable() {
        spark.range(0, 2, 1, 2)
                .selectExpr(
                        "id",
                        "'[1.5, 2]' AS text",
                        "array(1f, 2f, 3f) AS x",
                        "array(1d, 2d, 3d) AS doubles",
                        "array(array(1f)) AS m",
                        "array('1', '2') AS words",
                        "current_timestamp() AS at",
                        "cast('a' as binary) AS bytes",
                        "array(named_struct('v', 1f)) AS structs")
                .createOrReplaceTempView("messages");
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
        Parameter scale = Tensors.parameter("scale", TensorType.scalar(DType.FLOAT32));
        TensorFunction scaled = TensorFunction.compile(x.mul(scale).sum(), x, scale);
        Tessera.register(spark, "message_sum", TensorFunction.compile(x.sum()));
        Tessera.register(spark, "message_twice", scaled.with("scale", HostTensor.scalar(2f)));
        Tessera.register(spark, "message_thrice", scaled.with("scale", HostTensor.scalar(3f)));
    }

    private static Arguments refused(String call, String... parts) {
        return Arguments.of(call, List.of(parts));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refused(
                        "message_sum(text)",
                        "Cannot read column text string as float32[3]",
                        "from_json(text, 'array<double>')"),
                refused("tensor_eval('t + 1', named_struct('t', text))", "column t string", "cast(t as double)"),
                refused(
                        "message_sum(words)",
                        "column words array<string> as float32[3]",
                        "cast(words as array<double>)"),
                refused("message_sum(doubles)", "column doubles array<double> as float32[3]", "allowInputDowncast"),
                refused("message_sum(m)", "column m array<array<float>> as float32[3]", "2 axes and the input 1"),
                refused("message_sum(id)", "column id bigint as float32[3]"),
                refused("message_sum(at)", "column at timestamp", "cast(at as double), seconds since 1970"),
                refused("message_sum(bytes)", "column bytes binary", "tensor_column(bytes, 'uint8[28, 28]')"),
                refused("message_sum(structs)", "column structs array<struct<v:float>>", "e1 -> e1.v"),
                refused("message_sum()", "Cannot call a function of 1 columns with 0: it reads [x]"),
                refused("message_sum(x, x)", "Cannot call a function of 1 columns with 2: it reads [x]"),
                refused("message_sum(nowhere)", "`nowhere` cannot be resolved"),
                refused("tensor_eval('x + y', struct(x))", "x + y", "^", "y"),
                refused("tensor_eval('x @ m[0, 0:1, 0]', struct(x, m))", "x @ m", "^"),
                refused("tensor_eval('[1, 2] + [1, 2, 3]', struct(x))", "[1, 2] + [1, 2, 3]", "^", "2", "3"),
                refused("tensor_eval('x', struct(x, x))", "Cannot bind 'x': two fields have this name; rename one"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aWrongCallIsRefusedWithAReasonAndARemedy(String call, List<String> parts) {
        assertThatThrownBy(() -> spark.sql("SELECT " + call + " FROM messages"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContainingAll(parts.toArray(CharSequence[]::new));
    }

    @Test
    void theRemedyForTextIsSparks() {
        Row row = spark.sql("SELECT tensor_eval('t * 2', named_struct('t', from_json(text, 'array<double>')))"
                        + " FROM messages")
                .first();

        assertThat(row.getList(0)).isEqualTo(List.of(3d, 4d));
    }

    @Test
    void aCallOfConstantsIsAConstant() {
        String call = "tensor_eval('c * 2', named_struct('c', 1.5))";

        assertThat(spark.sql("SELECT * FROM VALUES (" + call + "), (4.0D)").collectAsList())
                .extracting(row -> row.getDouble(0))
                .containsExactlyInAnyOrder(3d, 4d);
        assertThat(spark.sql("SELECT " + call).columns()[0])
                .startsWith("tensor_eval(")
                .isNotEqualTo("tensor_eval()");
    }

    @Test
    void functionsThatDifferInAParameterAloneAreTwo() {
        Row row = spark.sql("SELECT message_twice(x), message_thrice(x), message_twice(x) FROM messages WHERE"
                        + " message_twice(x) < message_thrice(x)")
                .first();

        assertThat(row.toSeq().mkString(" ")).isEqualTo("12.0 18.0 12.0");
    }

    @Test
    void aNameThatIsAWordOfSqlIsCalledInQuotes() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
        Tessera.register(spark, "Select", TensorFunction.compile(x.max()));

        assertThat(spark.sql("SELECT `select`(x) FROM messages").first().getFloat(0))
                .isEqualTo(3f);
        for (String name : List.of("a.b", "a`b", "a'b", "", "1a", "a b")) {
            assertThatThrownBy(() -> Tessera.register(spark, name, TensorFunction.compile(x.max())))
                    .hasMessageContaining("is no name for SQL; use letters, digits and _");
        }
    }

    /** A function belongs to the session that it was registered in. */
    @Test
    void sessionsDoNotShareFunctions() {
        SparkSession other = spark.newSession();
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
        Tessera.register(other, "message_own", TensorFunction.compile(x.min()));

        assertThat(other.sql("SELECT message_own(array(1f, 2f, 3f))").first().getFloat(0))
                .isEqualTo(1f);
        assertThatThrownBy(() -> spark.sql("SELECT message_own(array(1f, 2f, 3f))"))
                .hasMessageContaining("UNRESOLVED_ROUTINE");
    }

    @Test
    void theReadmeQuotesSparksMessageForAMissingFunction() throws IOException {
        Path readme = Files.exists(Path.of("README.md")) ? Path.of("README.md") : Path.of("../README.md");

        assertThatThrownBy(() -> spark.sql("SELECT tensor_evaluate(x) FROM messages"))
                .isInstanceOf(AnalysisException.class)
                .satisfies(e -> {
                    String said = e.getMessage().replace("tensor_evaluate", "tensor_eval");
                    String quoted = said.substring(0, said.indexOf(" on search path"));
                    assertThat(Files.readString(readme).replaceAll("\\s+", " ")).contains(quoted);
                });
    }
}
