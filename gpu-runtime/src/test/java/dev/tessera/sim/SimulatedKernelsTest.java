package dev.tessera.sim;

import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kernels that the real NVRTC compiled, against what Java computes. */
@ExtendWith(SimulatedCuda.class)
class SimulatedKernelsTest {
    private static final int FUNCTIONS = 32;
    private static final int ERF = 2;

    /** The bound of CUDA's programming guide for its worst function of these, pow, is 4 ulps. */
    private static final double ULPS = 4;

    @Test
    void floatFunctionsAreWithinUlpsOfJavas() {
        float[] x = points(1500);
        try (JCudaSession cuda = new JCudaSession("functions.ptx")) {
            CUdeviceptr out = cuda.allocate(4L * FUNCTIONS * x.length);
            cuda.launch("functions32", 3, 96, cuda.upload(x), out, x.length);
            float[] actual = cuda.floats(out, FUNCTIONS * x.length);
            for (int i = 0; i < x.length; i++) {
                double[] expected = functions(x[i]);
                for (int k = 0; k < FUNCTIONS; k++) {
                    float wanted = (float) expected[k];
                    assertClose(
                            actual[i * FUNCTIONS + k],
                            wanted,
                            Math.ulp(wanted),
                            "function %d of %s".formatted(k, x[i]));
                }
            }
        }
    }

    @Test
    void doubleFunctionsAreWithinUlpsOfJavas() {
        double[] x = new double[600];
        float[] points = points(x.length);
        for (int i = 0; i < x.length; i++) {
            x[i] = points[i];
        }
        try (JCudaSession cuda = new JCudaSession("functions.ptx")) {
            CUdeviceptr out = cuda.allocate(8L * FUNCTIONS * x.length);
            cuda.launch("functions64", 2, 64, cuda.upload(x), out, x.length);
            double[] actual = cuda.doubles(out, FUNCTIONS * x.length);
            for (int i = 0; i < x.length; i++) {
                double[] expected = functions(x[i]);
                for (int k = 0; k < FUNCTIONS; k++) {
                    // The series for erf in this test is good to 1e-13 only.
                    double unit = k == ERF ? 1e-13 : Math.ulp(expected[k]);
                    assertClose(actual[i * FUNCTIONS + k], expected[k], unit, "function %d of %s".formatted(k, x[i]));
                }
            }
        }
    }

    private static void assertClose(double actual, double expected, double ulp, String what) {
        if (Double.isNaN(expected) || Double.isInfinite(expected)) {
            assertThat(actual).as(what).isEqualTo(expected);
        } else {
            assertThat(actual).as(what).isCloseTo(expected, within(ULPS * ulp));
        }
    }

    /** Multiples of 1/64, so that neither the squares nor the quotients below are rounded before a function sees them. */
    private static float[] points(int count) {
        Random random = new Random(count);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            int range = i % 3 == 0 ? 64 * 4 : i % 3 == 1 ? 64 * 40 : 64 * 16000;
            x[i] = (random.nextInt(2 * range) - range) / 64f;
        }
        x[0] = 0;
        return x;
    }

    private static double[] functions(double x) {
        double p = Math.abs(x);
        return new double[] {
            Math.exp(x),
            Math.tanh(x),
            erf(x),
            Math.pow(p, 1.75),
            Math.sin(x),
            Math.cos(x),
            Math.log(p),
            Math.log1p(p),
            Math.expm1(x),
            Math.sqrt(p),
            1 / Math.sqrt(p + 0.125),
            Math.atan(x),
            Math.atan2(x, 0.75),
            Math.sinh(x),
            Math.cosh(x),
            Math.tan(x),
            Math.asin(x / 16384),
            Math.acos(x / 16384),
            Math.floor(x),
            Math.ceil(x),
            Math.rint(x),
            x < 0 ? Math.ceil(x) : Math.floor(x),
            x % 0.375,
            Math.cbrt(x),
            Math.log(p) / Math.log(2),
            Math.pow(2, x),
            Math.log10(p),
            1 / x,
            Math.min(x, 0.5),
            Math.max(x, 0.5),
            Math.copySign(3, x),
            Math.fma(x, x, -1)
        };
    }

    /** By its Taylor series for small x, and its continued fraction for large ones. */
    private static double erf(double x) {
        double p = Math.abs(x);
        double result;
        if (p < 2.5) {
            double term = p;
            double sum = p;
            for (int k = 1; k < 80; k++) {
                term *= -p * p / k;
                sum += term / (2 * k + 1);
            }
            result = 2 / Math.sqrt(Math.PI) * sum;
        } else {
            double fraction = 0;
            for (int k = 60; k > 0; k--) {
                fraction = k / 2.0 / (p + fraction);
            }
            result = 1 - Math.exp(-p * p) / Math.sqrt(Math.PI) / (p + fraction);
        }
        return Math.copySign(result, x);
    }

    @Test
    void integersOfBothWidthsAreExact() {
        Random random = new Random(5);
        int n = 700;
        int[] a = random.ints(n).map(x -> x % 5 == 0 ? x % 100 : x).toArray();
        int[] b = random.ints(n).map(x -> x % 3 == 0 ? x % 50 : x).toArray();
        long[] wideA = random.longs(n).map(x -> x % 5 == 0 ? x % 1000 : x).toArray();
        long[] wideB = random.longs(n).map(x -> x % 3 == 0 ? x % 70 : x).toArray();
        try (JCudaSession cuda = new JCudaSession("integers.ptx")) {
            CUdeviceptr out = cuda.allocate(4L * 25 * n);
            CUdeviceptr wideOut = cuda.allocate(8L * 22 * n);
            cuda.launch("integers32", 6, 128, cuda.upload(a), cuda.upload(b), out, n);
            cuda.launch("integers64", 6, 128, cuda.upload(wideA), cuda.upload(wideB), wideOut, n);
            int[] actual = cuda.ints(out, 25 * n);
            long[] wideActual = cuda.longs(wideOut, 22 * n);
            for (int i = 0; i < n; i++) {
                assertThat(Arrays.copyOfRange(actual, i * 25, i * 25 + 25))
                        .as("%d, %d", a[i], b[i])
                        .containsExactly(integers(a[i], b[i]));
                assertThat(Arrays.copyOfRange(wideActual, i * 22, i * 22 + 22))
                        .as("%d, %d", wideA[i], wideB[i])
                        .containsExactly(integers(wideA[i], wideB[i]));
            }
        }
    }

    private static int[] integers(int x, int y) {
        int[] bytes = {
            x & 0xFF, x >>> 8 & 0xFF, x >>> 16 & 0xFF, x >>> 24, y & 0xFF, y >>> 8 & 0xFF, y >>> 16 & 0xFF, y >>> 24
        };
        int permuted = bytes[5] | bytes[1] << 8 | bytes[7] << 16 | bytes[3] << 24;
        return new int[] {
            x + y,
            x * y,
            y == 0 ? 0 : x / y,
            y == 0 ? 0 : x % y,
            x << y,
            x >> y,
            x >>> y,
            Math.min(x, y),
            Math.max(x, y),
            Math.abs(x),
            x & y,
            x | y,
            x ^ y,
            ~x,
            Integer.numberOfLeadingZeros(x),
            Integer.bitCount(x),
            (int) ((long) x * y >> 32),
            Integer.reverse(x),
            (int) (float) x,
            y == 0 ? 0 : Integer.divideUnsigned(x, y),
            permuted,
            (byte) x,
            x & 0xFFFF,
            y << 7 | x >>> 25,
            x / 7 + x % 10
        };
    }

    private static long[] integers(long x, long y) {
        return new long[] {
            x + y,
            x * y,
            y == 0 ? 0 : x / y,
            y == 0 ? 0 : x % y,
            x << y,
            x >> y,
            x >>> y,
            Math.min(x, y),
            Math.max(x, y),
            Math.abs(x),
            x & y,
            x | y,
            x ^ y,
            ~x,
            Long.numberOfLeadingZeros(x),
            Long.bitCount(x),
            Math.multiplyHigh(x, y),
            Long.reverse(x),
            (long) (double) x,
            (long) (float) y,
            (long) (float) (x & 0xFFFFFFFFL),
            x / 1000 + x % 1000
        };
    }

    @Test
    void bytesAndShortsWrap() {
        byte[] a = {0, 1, 100, -1, -128};
        short[] b = {0, 1, 20000, -20000, -32768};
        try (JCudaSession cuda = new JCudaSession("integers.ptx")) {
            CUdeviceptr bytes = cuda.allocate(5);
            CUdeviceptr shorts = cuda.allocate(10);
            cuda.launch("smallIntegers", 1, 32, cuda.upload(a), cuda.upload(b), bytes, shorts, 5);
            assertThat(cuda.bytes(bytes, 5)).containsExactly(-56, -55, 44, -57, 72);
            assertThat(cuda.shorts(shorts, 5)).containsExactly(0, 3, (short) 60000, (short) -60000, (short) -98304);
        }
    }

    @Test
    void vectorsOfFourLoadAndStore() {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUdeviceptr out = cuda.allocate(4L * 8);
            cuda.launch("vec4", 1, 32, cuda.upload(1f, 2f, 3f, -4f, 5f, 6f, 7f, 8f), out, 2);
            assertThat(cuda.floats(out, 8)).containsExactly(2, 3, -3, 0, 10, 7, -7, 8);
        }
    }

    @Test
    void callsLoopsTablesAndLocalArraysDiverge() {
        int n = 300;
        int[] a = IntStream.rangeClosed(1, n).toArray();
        try (JCudaSession cuda = new JCudaSession("control.ptx")) {
            CUdeviceptr from = cuda.upload(a);
            CUdeviceptr steps = cuda.allocate(4L * n);
            CUdeviceptr sums = cuda.allocate(4L * n);
            CUdeviceptr choices = cuda.allocate(4L * n);
            cuda.launch("calls", 3, 128, from, steps, n);
            cuda.launch("localArray", 3, 128, from, sums, n);
            cuda.launch("choose", 3, 128, from, choices, n);
            float[] actualSteps = cuda.floats(steps, n);
            int[] actualSums = cuda.ints(sums, n);
            int[] actualChoices = cuda.ints(choices, n);
            for (int i = 0; i < n; i++) {
                int expected = collatz(a[i]);
                assertThat(actualSteps[i]).isEqualTo(expected % 2 == 1 ? 2f * expected : expected);
                assertThat(actualSums[i]).isEqualTo(localArray(a[i]));
                assertThat(actualChoices[i]).isEqualTo(choose(a[i]));
            }
        }
    }

    private static int collatz(int from) {
        int x = from;
        int steps = 0;
        while (x != 1 && steps < 200) {
            x = x % 2 == 1 ? 3 * x + 1 : x / 2;
            steps++;
        }
        return steps;
    }

    private static int localArray(int a) {
        int[] h = IntStream.range(0, 16).map(k -> k * a).toArray();
        int sum = 0;
        for (int k = 0; k < 40; k++) {
            int j = a * 7 + k * k & 15;
            h[j] += k;
            sum += h[j + 3 & 15];
        }
        return sum;
    }

    private static int choose(int x) {
        int r = 0;
        for (int k = 0; k < 3; k++) {
            r = switch ((x + k) % 9) {
                case 0 -> r + x * 3 + 1;
                case 1 -> r - x;
                case 2 -> r ^ 99;
                case 3 -> r << 5;
                case 4 -> r + x * x * x;
                case 5 -> ~r;
                case 6 -> r / 3;
                case 7 -> r % 5 + 2;
                default -> r - 1;
            };
        }
        return r;
    }

    @Test
    void structuresAndVariablesOfTheModuleAreRead() {
        try (JCudaSession cuda = new JCudaSession("control.ptx")) {
            CUdeviceptr out = cuda.allocate(4L * 32);
            CUdeviceptr from = cuda.upload(1f, 2f, 3f, 4f);
            ByteBuffer by = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
            by.putInt(0, 4)
                    .putDouble(8, 2.5)
                    .putShort(24, (short) 10)
                    .putShort(26, (short) -10)
                    .putShort(28, (short) 100);
            by.putLong(16, address(cuda, from));
            cuda.launch("structure", 1, 32, by.array(), out);
            assertThat(cuda.floats(out, 4)).containsExactly(12.5f, -5f, 107.5f, 20f);
            cuda.launch("moduleVariables", 1, 32, out);
            assertThat(cuda.floats(out, 5)).containsExactly(7, 14, 21, 28, 7);
        }
    }

    /** JCuda does not give the address away: the device does, as a parameter that a kernel could store. */
    private static long address(JCudaSession cuda, CUdeviceptr pointer) {
        CUdeviceptr base = new CUdeviceptr();
        JCudaSession.check(JCudaDriver.cuMemGetAddressRange(base, new long[1], pointer));
        assertThat(cuda).isNotNull();
        return Long.parseLong(base.toString().replaceAll(".*nativePointer=0x([0-9a-f]+).*", "$1"), 16);
    }

    @Test
    void sharedReductionsAndShufflesAddUp() {
        int n = 5000;
        int columns = 77;
        int rows = 9;
        Random random = new Random(8);
        float[] a = new float[n];
        float[] table = new float[rows * columns];
        for (int i = 0; i < n; i++) {
            a[i] = random.nextInt(100);
        }
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) random.nextGaussian() * 4;
        }
        try (JCudaSession cuda = new JCudaSession("shared.ptx")) {
            CUdeviceptr sums = cuda.allocate(4L * 4);
            CUdeviceptr soft = cuda.allocate(4L * table.length);
            cuda.launch("reduce", 4, 256, cuda.upload(a), sums, n);
            JCudaSession.check(
                    cuda.launchIn(null, "softmax", rows, 128, 4 * columns, cuda.upload(table), soft, columns));
            double sum = 0;
            for (float part : cuda.floats(sums, 4)) {
                sum += part;
            }
            assertThat(sum)
                    .isEqualTo(IntStream.range(0, n).mapToDouble(i -> a[i]).sum());
            float[] actual = cuda.floats(soft, table.length);
            for (int row = 0; row < rows; row++) {
                double total = 0;
                for (int column = 0; column < columns; column++) {
                    total += Math.exp(table[row * columns + column]);
                }
                for (int column = 0; column < columns; column++) {
                    double expected = Math.exp(table[row * columns + column]) / total;
                    // Arguments of exp reach -32, where rounding the difference alone costs 2^-20.
                    assertThat((double) actual[row * columns + column]).isCloseTo(expected, within(2e-6 * expected));
                }
            }
        }
    }

    @Test
    void atomicsVotesAndWarpBarriersWork() {
        int n = 96;
        int[] a = new Random(3).ints(n, -50, 50).toArray();
        try (JCudaSession cuda = new JCudaSession("shared.ptx")) {
            CUdeviceptr io = cuda.upload(new int[6 + n + 8 + n]);
            CUdeviceptr f = cuda.upload(0f);
            CUdeviceptr d = cuda.upload(0.0);
            CUdeviceptr u = cuda.upload(0L);
            cuda.launch("atomics", 1, 96, cuda.upload(a), io, f, d, u, n);
            int[] actual = cuda.ints(io, 7 + n);
            int sum = IntStream.of(a).sum();
            assertThat(Arrays.copyOf(actual, 6))
                    .containsExactly(
                            sum,
                            Math.max(0, IntStream.of(a).max().getAsInt()),
                            Math.min(0, IntStream.of(a).min().getAsInt()),
                            IntStream.of(a).reduce(0, (x, y) -> x | y),
                            0,
                            IntStream.of(a).reduce(0, (x, y) -> x ^ y));
            assertThat(cuda.floats(f, 1)).containsExactly(sum);
            assertThat(cuda.doubles(d, 1)).containsExactly(sum);
            assertThat(cuda.longs(u, 1)).containsExactly(sum);
            assertThat(Arrays.copyOfRange(actual, 7, 7 + n)).containsExactlyInAnyOrder(a);
            CUdeviceptr bins = cuda.allocate(4L * 16);
            cuda.launch("histogram", 1, 64, cuda.upload(a), bins, n);
            assertThat(cuda.ints(bins, 16))
                    .containsExactly(IntStream.range(0, 16)
                            .map(bin -> (int)
                                    IntStream.of(a).filter(x -> (x & 15) == bin).count())
                            .toArray());
        }
    }

    @Test
    void lanesOfAWarpShareWhatTheyHave() {
        int[] a = IntStream.range(0, 32).toArray();
        try (JCudaSession cuda = new JCudaSession("shared.ptx")) {
            CUdeviceptr out = cuda.allocate(4L * 320);
            cuda.launch("votes", 1, 32, cuda.upload(a), out);
            int[] actual = cuda.ints(out, 320);
            for (int i = 0; i < 32; i++) {
                assertThat(actual[i]).isEqualTo(-1 << 4);
                assertThat(actual[i + 32]).isEqualTo(1);
                assertThat(actual[i + 64]).isEqualTo(1);
                assertThat(actual[i + 96]).isEqualTo(-1);
                assertThat(actual[i + 128]).isEqualTo(496);
                assertThat(actual[i + 160]).isEqualTo(28);
                assertThat(actual[i + 192]).isEqualTo(0x11111111 << (i & 3));
                assertThat(actual[i + 224]).isEqualTo(i < 3 ? i : i - 3);
                assertThat(actual[i + 256]).isEqualTo(i % 8 < 3 ? i + 5 : i);
                assertThat(actual[i + 288]).isEqualTo(7);
            }
            cuda.launch("warpExchange", 1, 32, cuda.upload(a), out);
            int[] exchanged = cuda.ints(out, 32);
            for (int i = 0; i < 32; i++) {
                assertThat(exchanged[i]).isEqualTo(31 - (i + 1) % 32 + 1);
            }
        }
    }

    @Test
    void noOrderOfBlocksChangesAKernelThatIsInOrder(SimulatedDevice device) {
        int n = 1000;
        int[] a = new Random(1).ints(n, 0, 100).toArray();
        for (int seed = 0; seed < 5; seed++) {
            device.setSeed(seed);
            try (JCudaSession cuda = new JCudaSession("shared.ptx")) {
                CUdeviceptr out = cuda.allocate(4);
                cuda.launch("lastBlock", 8, 128, cuda.upload(a), cuda.upload(new int[8]), out, n);
                assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
                assertThat(cuda.ints(out, 1)).containsExactly(IntStream.of(a).sum());
            }
        }
    }
}
