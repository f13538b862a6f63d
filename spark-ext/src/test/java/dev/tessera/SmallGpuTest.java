package dev.tessera;

import static org.apache.spark.sql.functions.call_udf;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A perceptron over many images on a GPU whose memory holds few of them at once. */
@ExtendWith({SimulatedCuda.class, CompiledByNvrtc.class, SimulatedGpuSessions.class})
class SmallGpuTest {
    private static final int IMAGES = 10_000;
    private static final int PIXELS = 784;
    private static final int HIDDEN = 128;
    private static final int CLASSES = 10;
    private static final long MEMORY = 8 << 20;

    private final SparkSession spark = SparkSessions.session();
    private final float[] first = weights(1, PIXELS * HIDDEN);
    private final float[] second = weights(2, HIDDEN * CLASSES);

    /** Whole numbers, small enough that every sum of products is exact in float32, in whatever order it is added. */
    private static float number(long seed, int index, int values) {
        long mixed = (seed * 0x9E3779B97F4A7C15L + index) * 0xBF58476D1CE4E5B9L;
        mixed ^= mixed >>> 31;
        return Math.floorMod(mixed * 0x94D049BB133111EBL >>> 17, values);
    }

    private static float[] weights(long seed, int count) {
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = number(seed, i, 3) - 1;
        }
        return weights;
    }

    private static Object pixels(Object image) {
        float[] pixels = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            pixels[i] = number(1000 + (Long) image, i, 5);
        }
        return pixels;
    }

    private int expectedClass(long image) {
        float[] pixels = (float[]) pixels(image);
        float[] hidden = new float[HIDDEN];
        for (int i = 0; i < PIXELS; i++) {
            for (int j = 0; j < HIDDEN; j++) {
                hidden[j] += pixels[i] * first[i * HIDDEN + j];
            }
        }
        int best = 0;
        float[] scores = new float[CLASSES];
        for (int k = 0; k < CLASSES; k++) {
            for (int j = 0; j < HIDDEN; j++) {
                scores[k] += Math.max(0, hidden[j]) * second[j * CLASSES + k];
            }
            best = scores[k] > scores[best] ? k : best;
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void classesOfTenThousandImagesAreRight(int partitions, SimulatedDevice device) {
        device.setMemory(MEMORY);
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(PIXELS));
        Tensor hidden = x.matmul(Tensors.constant(first, PIXELS, HIDDEN)).relu();
        Tensor scores = hidden.matmul(Tensors.constant(second, HIDDEN, CLASSES));
        TensorFunction perceptron = TensorFunction.compile(scores.argmax(-1), x);
        spark.udf()
                .register(
                        "pixels",
                        (UDF1<Object, Object>) SmallGpuTest::pixels,
                        DataTypes.createArrayType(DataTypes.FloatType));

        List<Row> rows = spark.range(0, IMAGES, 1, partitions)
                .select(col("id"), call_udf("pixels", col("id")).as("x"))
                .select(col("id"), perceptron.apply(col("x")).cast("int").as("class"))
                .collectAsList();

        assertThat(rows).hasSize(IMAGES);
        for (int image = 0; image < IMAGES; image++) {
            assertThat(rows.get(image).getInt(1)).as("class of image %d", image).isEqualTo(expectedClass(image));
        }
        assertThat(rows.stream().map(row -> row.getInt(1)).distinct()).hasSizeGreaterThan(5);
        TensorReport report = Tessera.report(spark);
        report.assertRanOn(Device.GPU);
        assertThat(report.receipt().fallbacksByReason()).isEmpty();
        if (partitions == 1) {
            // Tasks that share the device may be in each other's way; one alone asks for no more than there is.
            assertThat(report.receipt().recoveries()).as("%s", report).isEmpty();
        }
        assertThat(report.receipt().rowCount()).isEqualTo(IMAGES);
        assertThat(device.counter("peak.bytes")).isLessThanOrEqualTo(MEMORY);
    }
}
