package dev.tessera.conformance;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.SplittableRandom;

/** The elements that inputs are filled with. */
enum Values {
    /** Every special value in turn, then anything. */
    SPECIAL {
        @Override
        void set(HostTensor tensor, long i, long phase, SplittableRandom random) {
            if (tensor.dtype().isFloating()) {
                double[] specials = tensor.dtype() == DType.FLOAT32 ? FLOATS : DOUBLES;
                long at = i + phase;
                boolean isSpecial = at % 4 != 3; // Of 21 in turn, so that each has its turn.
                tensor.setDouble(i, isSpecial ? specials[(int) (at % specials.length)] : anyMagnitude(random));
            } else {
                long[] specials = tensor.dtype() == DType.INT32 ? INTS : LONGS;
                tensor.setLong(
                        i, i % 4 != 3 ? specials[(int) ((i + phase) % specials.length)] : random.nextLong(-9, 10));
            }
        }
    },
    /** Small numbers of both signs, all different from 0. */
    TAME {
        @Override
        void set(HostTensor tensor, long i, long phase, SplittableRandom random) {
            if (tensor.dtype().isFloating()) {
                tensor.setDouble(i, random.nextDouble(0.25, 2) * (random.nextBoolean() ? 1 : -1));
            } else {
                tensor.setLong(i, random.nextLong(-9, 10));
            }
        }
    },
    /** Numbers of all magnitudes whose sums stay finite, many of them equal. */
    WIDE {
        @Override
        void set(HostTensor tensor, long i, long phase, SplittableRandom random) {
            if (tensor.dtype().isFloating()) {
                tensor.setDouble(i, random.nextInt(4) == 0 ? random.nextInt(-2, 3) : anyMagnitude(random));
            } else {
                tensor.setLong(i, random.nextLong());
            }
        }
    },
    /** Small numbers, and in some places NaN, an infinity, a negative zero or a subnormal. */
    SPRINKLED {
        @Override
        void set(HostTensor tensor, long i, long phase, SplittableRandom random) {
            TAME.set(tensor, i, phase, random);
            if (tensor.dtype().isFloating() && random.nextInt(24) == 0) {
                tensor.setDouble(i, FLOATS[random.nextInt(FLOATS.length)]);
            }
        }
    };

    private static final double[] FLOATS = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        1,
        -1,
        0.5,
        -2.5,
        3,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL * 0.75,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        88.7,
        -103.5,
        1e-5,
        1e10,
        -1e10,
        16777217.5
    };

    private static final double[] DOUBLES = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        1,
        -1,
        0.5,
        -2.5,
        3,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL * 0.75,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        709.5,
        -744.5,
        1e-9,
        1e200,
        -1e17,
        Math.PI
    };

    private static final long[] INTS = {0, 1, -1, 2, -2, 3, 7, 31, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE};
    private static final long[] LONGS = {0, 1, -1, 2, -2, 3, 7, 63, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE};

    abstract void set(HostTensor tensor, long i, long phase, SplittableRandom random);

    /** A tensor of these; another {@code phase} starts at another special value. */
    HostTensor tensor(DType dtype, long[] sizes, long phase, SplittableRandom random) {
        HostTensor tensor = HostTensor.zeros(dtype, sizes);
        for (long i = 0; i < tensor.elementCount(); i++) {
            if (dtype == DType.BOOL) {
                tensor.setLong(i, random.nextInt(2));
            } else {
                set(tensor, i, phase, random);
            }
        }
        return tensor;
    }

    private static double anyMagnitude(SplittableRandom random) {
        return random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(-20, 8));
    }
}
