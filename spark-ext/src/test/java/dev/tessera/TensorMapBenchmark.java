package dev.tessera;

import static org.apache.spark.sql.functions.call_udf;
import static org.apache.spark.sql.functions.col;

import com.sun.management.OperatingSystemMXBean;
import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.blas.MatrixView;
import dev.tessera.cpu.blas.OpenBlas;
import dev.tessera.cpu.blas.Scaling;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * A layer relu(x W + b) over cached rows, to a sink that drops them: the operator, what one would write by hand with
 * mapPartitions, batches and OpenBLAS, and a plain UDF (over a tenth of the rows); and the products alone. Then ten times
 * as many rows of 3 floats, where what the operator does per row shows. Interleaved, one task at a time; medians. {@code TensorMapBenchmark [rows [rounds [variant]]]}.
 */
public final class TensorMapBenchmark {
    private static final int WIDTH = 256;
    private static final int BATCH = 1024;
    private static final int UDF_SHARE = 10;
    private static final int NARROW_SHARE = 10;

    private TensorMapBenchmark() {}

    /** A row of one column, as Spark's bean encoder reads and writes it. */
    public static final class Features implements Serializable {
        private static final long serialVersionUID = 1;

        private float[] x = new float[0];

        public float[] getX() {
            return x;
        }

        public void setX(float[] x) {
            this.x = x;
        }
    }

    /** Runs all variants. */
    public static void main(String[] arguments) throws IOException {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        try (SparkSession spark = session()) {
            Dataset<Row> cached = rows(spark, rows).cache();
            cached.count();
            Dataset<Row> few = cached.limit(rows / UDF_SHARE).cache();
            few.count();
            float[] w = random(1, WIDTH * WIDTH);
            float[] b = random(2, WIDTH);
            Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(WIDTH));
            Tensor product = Tensors.matmul(x, Tensors.constant(HostTensor.of(w, WIDTH, WIDTH)));
            TensorFunction layer =
                    TensorFunction.compile(Tensors.relu(Tensors.add(product, Tensors.constant(HostTensor.of(b)))));
            spark.udf()
                    .register(
                            "layer",
                            (UDF1<Seq<Float>, float[]>) row -> layer(row, w, b),
                            DataTypes.createArrayType(DataTypes.FloatType, false));
            Map<String, Runnable> variants = new LinkedHashMap<>();
            variants.put("products alone", () -> products(rows, w));
            variants.put("scan alone", () -> drop(cached.select("x")));
            variants.put("Tessera, y", () -> drop(cached.select(layer.apply(col("x")))));
            variants.put("Tessera, id and y", () -> drop(cached.select(col("id"), layer.apply(col("x")))));
            variants.put("Tessera, id, x and y", () -> drop(cached.withColumn("y", layer.apply(col("x")))));
            variants.put(
                    "mapPartitions, y",
                    () -> drop(cached.select("x")
                            .as(Encoders.bean(Features.class))
                            .mapPartitions(byHand(w, b), Encoders.bean(Features.class))));
            Dataset<Row> narrow = narrowRows(spark, NARROW_SHARE * rows).cache();
            narrow.count();
            Variable v = Tensors.variable("v", DType.FLOAT32, Dim.of(3));
            TensorFunction sum = TensorFunction.compile(v.sum());
            variants.put("3 floats: scan alone", () -> drop(narrow.select("x")));
            variants.put("3 floats: Tessera, sum", () -> drop(narrow.select(sum.apply(col("x")))));
            variants.put("3 floats: Tessera, all", () -> drop(narrow.withColumn("y", sum.apply(col("x")))));
            variants.put("UDF, y", () -> drop(few.select(call_udf("layer", col("x")))));
            if (arguments.length > 2) {
                variants.keySet().removeIf(name -> !name.equals(arguments[2]) && !name.equals("products alone"));
            }
            compare(variants, rounds);
        }
    }

    private static SparkSession session() {
        return SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.extensions", TesseraExtensions.class.getName())
                .getOrCreate();
    }

    private static Dataset<Row> rows(SparkSession spark, int rows) {
        return spark.range(0, rows, 1, 2)
                .selectExpr(
                        "id",
                        "transform(sequence(1, %d), i -> cast((hash(id, i) %% 1000) / 1000.0 as float)) as x"
                                .formatted(WIDTH));
    }

    private static Dataset<Row> narrowRows(SparkSession spark, int rows) {
        return spark.range(0, rows, 1, 2).selectExpr("id", "array(cast(id as float), 2f, 3f) as x", "string(id) as s");
    }

    private static float[] random(int seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void drop(Dataset<?> dataset) {
        dataset.write().format("noop").mode("overwrite").save();
    }

    private static float[] layer(Seq<Float> x, float[] w, float[] b) {
        float[] y = b.clone();
        for (int k = 0; k < WIDTH; k++) {
            float value = x.apply(k);
            for (int i = 0; i < WIDTH; i++) {
                y[i] += value * w[k * WIDTH + i];
            }
        }
        for (int i = 0; i < WIDTH; i++) {
            y[i] = Math.max(0, y[i]);
        }
        return y;
    }

    /** A layer's buffers, and its product. */
    private static final class Layer {
        private final MatrixProduct blas = MatrixProduct.on(OpenBlas.load());
        private final ByteBuffer x = floats(BATCH * WIDTH);
        private final ByteBuffer w = floats(WIDTH * WIDTH);
        private final ByteBuffer y = floats(BATCH * WIDTH);

        Layer(float[] weights) {
            w.asFloatBuffer().put(weights);
        }

        private static ByteBuffer floats(int count) {
            return ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
        }

        void multiply(int rows) {
            blas.gemm(
                    DType.FLOAT32,
                    Scaling.OVERWRITE,
                    MatrixView.dense(x, 0, rows, WIDTH),
                    MatrixView.dense(w, 0, WIDTH, WIDTH),
                    MatrixView.dense(y, 0, rows, WIDTH));
        }
    }

    private static void products(int rows, float[] w) {
        Layer layer = new Layer(w);
        for (int done = 0; done < rows; done += BATCH) {
            layer.multiply(Math.min(BATCH, rows - done));
        }
    }

    private static MapPartitionsFunction<Features, Features> byHand(float[] w, float[] b) {
        return rows -> {
            Layer layer = new Layer(w);
            return new Iterator<>() {
                private int count;
                private int next;

                @Override
                public boolean hasNext() {
                    if (next == count && rows.hasNext()) {
                        next = 0;
                        count = 0;
                        while (count < BATCH && rows.hasNext()) {
                            layer.x
                                    .asFloatBuffer()
                                    .put(count++ * WIDTH, rows.next().getX());
                        }
                        layer.multiply(count);
                    }
                    return next < count;
                }

                @Override
                public Features next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    float[] y = new float[WIDTH];
                    layer.y.asFloatBuffer().get(next++ * WIDTH, y);
                    for (int i = 0; i < WIDTH; i++) {
                        y[i] = Math.max(0, y[i] + b[i]);
                    }
                    Features result = new Features();
                    result.setX(y);
                    return result;
                }
            };
        };
    }

    private static void compare(Map<String, Runnable> variants, int rounds) {
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Map<String, List<double[]>> times = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            variants.forEach((name, run) -> {
                long cpu = process.getProcessCpuTime();
                long wall = System.nanoTime();
                run.run();
                double[] seconds = {(System.nanoTime() - wall) / 1e9, (process.getProcessCpuTime() - cpu) / 1e9};
                times.computeIfAbsent(name, key -> new ArrayList<>()).add(seconds);
            });
        }
        double limit = median(times.get("products alone"), 1);
        times.forEach((name, seconds) -> {
            double scale = name.startsWith("UDF") ? UDF_SHARE : 1;
            double cpu = median(seconds, 1) * scale;
            System.out.printf(
                    Locale.ROOT,
                    "%-24s wall %6.3f s, CPU %6.3f s, of the products alone %5.2f%n",
                    name,
                    median(seconds, 0) * scale,
                    cpu,
                    cpu / limit);
        });
    }

    private static double median(List<double[]> seconds, int which) {
        List<Double> warm = new ArrayList<>();
        seconds.subList(Math.min(2, seconds.size() - 1), seconds.size()).forEach(pair -> warm.add(pair[which]));
        warm.sort(null);
        return warm.get(warm.size() / 2);
    }
}
