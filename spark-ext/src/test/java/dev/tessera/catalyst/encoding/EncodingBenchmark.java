package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * What a value of a column costs on its way into a batch and out of it, beside an arraycopy of the bytes that are written:
 * thread CPU time, interleaved, medians. {@code EncodingBenchmark [rounds]}.
 */
public final class EncodingBenchmark {
    private static final int REPEATS = 2000;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final int rounds;

    private EncodingBenchmark(int rounds) {
        this.rounds = rounds;
    }

    /** Runs all cases. */
    public static void main(String[] arguments) {
        EncodingBenchmark benchmark =
                new EncodingBenchmark(arguments.length == 0 ? 40 : Integer.parseInt(arguments[0]));
        DataType floats = DataTypes.createArrayType(DataTypes.FloatType, false);
        DataType doubles = DataTypes.createArrayType(DataTypes.DoubleType, false);
        DataType bytes = DataTypes.createArrayType(DataTypes.ByteType, false);
        benchmark.in("array<double> to float32", doubles, null, gaussian(784), DType.FLOAT32);
        benchmark.in("array<float> to float64", floats, null, HostTensor.of(new float[784]), DType.FLOAT64);
        benchmark.in("array<tinyint> to float32", bytes, null, new byte[784], DType.FLOAT32);
        benchmark.in("binary uint8 to float32", DataTypes.BinaryType, DType.UINT8, new byte[784], DType.FLOAT32);
        benchmark.in("binary float16 to float32", DataTypes.BinaryType, DType.FLOAT16, new byte[1568], DType.FLOAT32);
        benchmark.in("array<float> to float32", floats, null, HostTensor.of(new float[784]), DType.FLOAT32);
        HostTensor matrix = gaussian(784).reshape(28, 28);
        benchmark.in("28 x 28 doubles to float64", DataTypes.createArrayType(doubles), null, matrix, DType.FLOAT64);
        benchmark.in("28 x 28 doubles to float32", DataTypes.createArrayType(doubles), null, matrix, DType.FLOAT32);
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.BOOL, DType.INT32)) {
            benchmark.out("float array of " + dtype, OutputFormat.FLAT, HostTensor.zeros(dtype, 1, 784));
        }
        benchmark.out("28 x 28 of float64", OutputFormat.NESTED, HostTensor.zeros(DType.FLOAT64, 1, 28, 28));
        benchmark.out("float32 as a Vector", OutputFormat.VECTOR, HostTensor.zeros(DType.FLOAT32, 1, 784));
    }

    private static HostTensor gaussian(int count) {
        double[] values = new double[count];
        Random random = new Random(1);
        Arrays.setAll(values, i -> random.nextGaussian());
        return HostTensor.of(values);
    }

    private void in(
            String name, DataType type, @org.jspecify.annotations.Nullable DType declared, Object value, DType dtype) {
        int width = declared == null ? 1 : declared.widthInBytes();
        long[] sizes =
                value instanceof HostTensor tensor ? tensor.sizes() : new long[] {((byte[]) value).length / width};
        TensorType wanted = TensorType.of(dtype, sizes);
        ColumnDeclaration declaration = declared == null
                ? null
                : new ColumnDeclaration(declared, ColumnDeclaration.of(wanted).sizes());
        Object catalyst = value;
        if (value instanceof HostTensor tensor) {
            catalyst = CatalystValues.nested(tensor);
        } else if (declared == null) {
            catalyst = new org.apache.spark.sql.catalyst.util.GenericArrayData((byte[]) value);
        }
        UnsafeRow row = CatalystValues.unsafeRow(type, catalyst);
        ColumnReader reader = ColumnEncodings.input(new ColumnSource("x", type, declaration), wanted, true)
                .openReader();
        int length = (int) HostTensor.sizeInBytes(dtype, sizes);
        HostMemory target = HostMemory.of(ByteBuffer.allocateDirect(length));
        long[] found = new long[sizes.length];
        compare("in:  " + name, length, () -> {
            reader.locate(row, CatalystValues.ORDINAL, found);
            reader.copyTo(target, 0);
        });
    }

    private void out(String name, OutputFormat format, HostTensor batch) {
        long[] sizes = Arrays.copyOfRange(batch.sizes(), 1, batch.rank());
        ColumnWriter writer = ColumnEncodings.output(TensorType.of(batch.dtype(), sizes), format, List.of())
                .openWriter(batch);
        UnsafeRowWriter target = new UnsafeRowWriter(1);
        compare("out: " + name, (int) batch.sizeInBytes(), () -> {
            target.reset();
            target.zeroOutNullBytes();
            writer.write(0, target, 0);
        });
    }

    private void compare(String name, int length, Runnable encode) {
        byte[] from = new byte[length];
        byte[] to = new byte[length];
        List<Double> copies = new ArrayList<>();
        List<Double> encodings = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            copies.add(nanos(() -> {
                System.arraycopy(from, 0, to, 0, length);
                // Otherwise the copy is to bytes that nobody reads.
                from[round(to)]++;
            }));
            encodings.add(nanos(encode));
        }
        System.out.printf(
                Locale.ROOT,
                "%-36s %6d bytes: %7.0f ns, arraycopy %5.0f ns, ratio %5.1f%n",
                name,
                length,
                median(encodings),
                median(copies),
                median(encodings) / median(copies));
    }

    private static int round(byte[] bytes) {
        return bytes[0] & 1;
    }

    private double nanos(Runnable run) {
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < REPEATS; i++) {
            run.run();
        }
        return (threads.getCurrentThreadCpuTime() - start) / (double) REPEATS;
    }

    private double median(List<Double> values) {
        List<Double> warm = new ArrayList<>(values.subList(rounds / 2, rounds));
        warm.sort(null);
        return warm.get(warm.size() / 2);
    }
}
