package dev.tessera;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Functions on their way: through Java serialization, Kryo, files and literals, with their constants and parameters. */
@ExtendWith(SparkSessions.class)
class ShippingTest {
    private final SparkSession spark = SparkSessions.session();
    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
    private final Parameter w = Tensors.parameter("w", DType.FLOAT32, Dim.of(3));
    private final TensorFunction weighted = TensorFunction.compile(x.mul(w).sum(), x, w);

    private static HostTensor vector(float... values) {
        return HostTensor.of(values);
    }

    private Dataset<Row> rows() {
        return spark.range(0, 4, 1, 2).selectExpr("id", "array(cast(id as float), 2f, 3f) as x");
    }

    @Test
    void functionRunsHereWithoutSpark() {
        TensorFunction f = weighted.with("w", vector(1, 10, 100));

        assertThat(f.run(vector(1, 2, 3)).get(0).toFloatArray()).containsExactly(321f);
        assertThat(f.runBatch(HostTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3))
                        .get(0)
                        .toFloatArray())
                .containsExactly(321f, 654f);
        assertThat(f.runBatch(HostTensor.zeros(DType.FLOAT32, 0, 3)).get(0).sizes())
                .containsExactly(0);
    }

    @Test
    void parametersAreBoundAtTheCallWithOnePlan() {
        TensorFunction ones = weighted.with("w", vector(1, 1, 1));
        TensorFunction tens = weighted.with("w", vector(10, 10, 10));
        Dataset<Row> result =
                rows().select(ones.apply(col("x")).as("a"), tens.apply(col("x")).as("b"));

        assertThat(ones.plan()).isSameAs(tens.plan());
        assertThat(result.collectAsList()).extracting(row -> row.getFloat(0)).containsExactly(5f, 6f, 7f, 8f);
        assertThat(result.collectAsList()).extracting(row -> row.getFloat(1)).containsExactly(50f, 60f, 70f, 80f);
        assertThat(Operators.of(result)).hasSize(1);
    }

    @Test
    void javaSerializationKeepsGraphAndParameters() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(weighted.with("w", vector(1, 10, 100)));
        }
        try (ObjectInputStream input = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            TensorFunction read = (TensorFunction) input.readObject();

            assertThat(read.run(vector(1, 2, 3)).get(0).toFloatArray()).containsExactly(321f);
        }
    }

    @Test
    void savedFunctionIsLoaded(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("weighted.tessera");
        TensorFunction.compile(x.mul(Tensors.constant(vector(1, 10, 100))).sum())
                .save(file);

        assertThat(TensorFunction.load(file).run(vector(1, 2, 3)).get(0).toFloatArray())
                .containsExactly(321f);
    }

    @Test
    void taskBinaryDoesNotGrowWithTheConstants() {
        TensorFunction large =
                TensorFunction.compile(x.add(Tensors.constant(HostTensor.zeros(DType.FLOAT32, 1 << 20, 3))
                                .sum(0))
                        .sum());
        Dataset<Row> result = rows().select(large.apply(col("x")));

        assertThat(result.collectAsList()).extracting(row -> row.getFloat(0)).containsExactly(5f, 6f, 7f, 8f);
        assertThat(result.queryExecution().executedPlan().toString().length()).isLessThan(2000);
    }
}
