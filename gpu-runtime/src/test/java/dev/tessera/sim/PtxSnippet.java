package dev.tessera.sim;

import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import jcuda.driver.CUdeviceptr;

/**
 * A few instructions of PTX and what they should give. Operands named %a, %b and %c have 32 bits, %A, %B and %C have 64,
 * %fa and %da and so on are the same bits as floats; the result goes to %d or %D.
 *
 * @param isWide whether the result has 64 bits
 */
record PtxSnippet(String ptx, boolean isWide, Expected expectation) {
    /** What an instruction should give, from the bits of three operands. */
    interface Expected {
        long of(long a, long b, long c);
    }

    @Override
    public String toString() {
        return ptx;
    }

    static final int INPUTS = 333;

    private static final List<Long> CORNERS = List.of(
            0L,
            1L,
            -1L,
            2L,
            31L,
            32L,
            33L,
            63L,
            64L,
            65L,
            127L,
            128L,
            255L,
            256L,
            32767L,
            65535L,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            0xFFFFFFFFL,
            Long.MAX_VALUE,
            Long.MIN_VALUE);

    private static final List<Double> REALS = List.of(
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -0.5,
            1.5,
            2.5,
            -2.5,
            3.7,
            1e-40,
            -1e-40,
            1e30,
            -1e30,
            3e9,
            -3e9,
            1e19,
            -1e19,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            2147483648.0,
            -2147483649.0,
            0.1,
            7e-3);

    void check(long[] a, long[] b, long[] c, boolean isFloat) {
        long[] actual = run(ptx, isWide, a, b, c);
        for (int i = 0; i < a.length; i++) {
            long expected = expectation.of(a[i], b[i], c[i]);
            long wanted = isWide ? expected : low(expected);
            boolean areNans = isFloat && (isNan(actual[i], isWide) && isNan(wanted, isWide));
            if (!areNans) {
                assertThat(actual[i])
                        .as("%s of %x, %x, %x", ptx, a[i], b[i], c[i])
                        .isEqualTo(wanted);
            }
        }
    }

    static long[] run(String ptx, boolean isWide, long[] a, long[] b, long[] c) {
        String module = JCudaSession.resource("opcode.template.ptx")
                .replace("\0", "")
                .replace("@INSTRUCTIONS@", isWide ? ptx : ptx + " cvt.u64.u32 %D, %d;");
        try (JCudaSession cuda = JCudaSession.ofPtx(module)) {
            int n = a.length;
            CUdeviceptr out = cuda.allocate(8L * n);
            cuda.launch("run", (n + 127) / 128, 128, cuda.upload(a), cuda.upload(b), cuda.upload(c), out, n);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
            return cuda.longs(out, n);
        }
    }

    static long[] someIntegers(long seed) {
        Random random = new Random(seed);
        List<Long> all = new ArrayList<>();
        while (all.size() < INPUTS) {
            all.add(random.nextInt(3) > 0 ? CORNERS.get(random.nextInt(CORNERS.size())) : random.nextLong());
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    static long[] someFloats(long seed) {
        return LongStream.of(someDoubles(seed))
                .map(bits -> bits((float) d(bits)))
                .toArray();
    }

    static long[] someDoubles(long seed) {
        Random random = new Random(seed);
        return random.longs(INPUTS)
                .map(bits ->
                        bits(bits % 3 == 0 ? random.nextGaussian() * 100 : REALS.get(random.nextInt(REALS.size()))))
                .toArray();
    }

    static PtxSnippet narrow(String ptx, Expected expected) {
        return new PtxSnippet(ptx, false, expected);
    }

    static PtxSnippet wide(String ptx, Expected expected) {
        return new PtxSnippet(ptx, true, expected);
    }

    static long low(long bits) {
        return bits & 0xFFFFFFFFL;
    }

    static float f(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    static double d(long bits) {
        return Double.longBitsToDouble(bits);
    }

    static long bits(float value) {
        return low(Float.floatToRawIntBits(value));
    }

    static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    static boolean isNan(long bits, boolean isWide) {
        return isWide ? Double.isNaN(d(bits)) : Float.isNaN(f(bits));
    }
}
