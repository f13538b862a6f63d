package dev.tessera.cpu.program;

import dev.tessera.tensor.DType;

/** Conversions between dtypes, as {@link dev.tessera.plan.RowProgram.Convert} defines them: Java's casts. */
final class Conversions {
    private Conversions() {}

    static Kernel of(Register from, Register to) {
        return switch (from.dtype()) {
            case FLOAT32 -> ofFloat(from, to);
            case FLOAT64 -> ofDouble(from, to);
            case INT32 -> ofInt(from, to);
            case INT64 -> ofLong(from, to);
            case BOOL -> ofBool(from, to);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw none(from.dtype(), to.dtype());
        };
    }

    private static IllegalStateException none(DType from, DType to) {
        return new IllegalStateException("No conversion of " + from + " to " + to);
    }

    private static Kernel ofFloat(Register from, Register to) {
        float[] x = from.floats();
        return switch (to.dtype()) {
            case FLOAT32 -> (tile, count) -> System.arraycopy(x, from.at(tile), to.floats(), to.at(tile), count);
            case FLOAT64 -> {
                double[] out = to.doubles();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i];
                    }
                };
            }
            case INT32 -> {
                int[] out = to.ints();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (int) x[at + i];
                    }
                };
            }
            case INT64 -> {
                long[] out = to.longs();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (long) x[at + i];
                    }
                };
            }
            case BOOL -> {
                byte[] out = to.bytes();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i] != 0 ? (byte) 1 : 0;
                    }
                };
            }
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw none(from.dtype(), to.dtype());
        };
    }

    private static Kernel ofDouble(Register from, Register to) {
        double[] x = from.doubles();
        return switch (to.dtype()) {
            case FLOAT32 -> {
                float[] out = to.floats();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (float) x[at + i];
                    }
                };
            }
            case FLOAT64 -> (tile, count) -> System.arraycopy(x, from.at(tile), to.doubles(), to.at(tile), count);
            case INT32 -> {
                int[] out = to.ints();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (int) x[at + i];
                    }
                };
            }
            case INT64 -> {
                long[] out = to.longs();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (long) x[at + i];
                    }
                };
            }
            case BOOL -> {
                byte[] out = to.bytes();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i] != 0 ? (byte) 1 : 0;
                    }
                };
            }
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw none(from.dtype(), to.dtype());
        };
    }

    private static Kernel ofInt(Register from, Register to) {
        int[] x = from.ints();
        return switch (to.dtype()) {
            case FLOAT32 -> {
                float[] out = to.floats();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (float) x[at + i];
                    }
                };
            }
            case FLOAT64 -> {
                double[] out = to.doubles();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i];
                    }
                };
            }
            case INT32 -> (tile, count) -> System.arraycopy(x, from.at(tile), to.ints(), to.at(tile), count);
            case INT64 -> {
                long[] out = to.longs();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i];
                    }
                };
            }
            case BOOL -> {
                byte[] out = to.bytes();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i] != 0 ? (byte) 1 : 0;
                    }
                };
            }
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw none(from.dtype(), to.dtype());
        };
    }

    private static Kernel ofLong(Register from, Register to) {
        long[] x = from.longs();
        return switch (to.dtype()) {
            case FLOAT32 -> {
                float[] out = to.floats();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (float) x[at + i];
                    }
                };
            }
            case FLOAT64 -> {
                double[] out = to.doubles();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (double) x[at + i];
                    }
                };
            }
            case INT32 -> {
                int[] out = to.ints();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = (int) x[at + i];
                    }
                };
            }
            case INT64 -> (tile, count) -> System.arraycopy(x, from.at(tile), to.longs(), to.at(tile), count);
            case BOOL -> {
                byte[] out = to.bytes();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i] != 0 ? (byte) 1 : 0;
                    }
                };
            }
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw none(from.dtype(), to.dtype());
        };
    }

    private static Kernel ofBool(Register from, Register to) {
        byte[] x = from.bytes();
        return switch (to.dtype()) {
            case FLOAT32 -> {
                float[] out = to.floats();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i];
                    }
                };
            }
            case FLOAT64 -> {
                double[] out = to.doubles();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i];
                    }
                };
            }
            case INT32 -> {
                int[] out = to.ints();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i];
                    }
                };
            }
            case INT64 -> {
                long[] out = to.longs();
                yield (tile, count) -> {
                    int at = from.at(tile);
                    int outAt = to.at(tile);
                    for (int i = 0; i < count; i++) {
                        out[outAt + i] = x[at + i];
                    }
                };
            }
            case BOOL -> (tile, count) -> System.arraycopy(x, from.at(tile), to.bytes(), to.at(tile), count);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw none(from.dtype(), to.dtype());
        };
    }
}
