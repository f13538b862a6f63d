package dev.tessera.cpu.program;

import dev.tessera.cpu.math.DoublePrimitives;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernels of float64, from its primitives. */
final class DoubleInstructions implements Instructions {
    private final DoublePrimitives primitives;

    DoubleInstructions(DoublePrimitives primitives) {
        this.primitives = primitives;
    }

    @FunctionalInterface
    private interface Unary {
        void apply(double[] x, int xAt, double[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface Binary {
        void apply(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface Predicate {
        void apply(double[] x, int xAt, byte[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface Comparison {
        void apply(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n);
    }

    @FunctionalInterface
    private interface WithScalar {
        void apply(double[] x, int xAt, double scalar, double[] out, int outAt, int n);
    }

    @Override
    public Kernel map(ScalarOp op, List<Register> arguments, Register out) {
        return switch (op) {
            case NEGATIVE -> unary(primitives::neg, arguments, out);
            case ABS -> unary(primitives::abs, arguments, out);
            case SIGN -> unary(primitives::sign, arguments, out);
            case SQUARE -> unary(primitives::square, arguments, out);
            case RECIPROCAL -> unary(primitives::reciprocal, arguments, out);
            case FLOOR -> unary(primitives::floor, arguments, out);
            case CEIL -> unary(primitives::ceil, arguments, out);
            case ROUND -> unary(primitives::round, arguments, out);
            case EXP -> unary(primitives::exp, arguments, out);
            case EXPM1 -> unary(primitives::expm1, arguments, out);
            case LOG -> unary(primitives::log, arguments, out);
            case LOG1P -> unary(primitives::log1p, arguments, out);
            case LOG2 -> unary(primitives::log2, arguments, out);
            case SQRT -> unary(primitives::sqrt, arguments, out);
            case RSQRT -> unary(primitives::rsqrt, arguments, out);
            case SIN -> unary(primitives::sin, arguments, out);
            case COS -> unary(primitives::cos, arguments, out);
            case TAN -> unary(primitives::tan, arguments, out);
            case TANH -> unary(primitives::tanh, arguments, out);
            case SIGMOID -> unary(primitives::sigmoid, arguments, out);
            case SOFTPLUS -> unary(primitives::softplus, arguments, out);
            case RELU -> unary(primitives::relu, arguments, out);
            case GELU -> unary(primitives::gelu, arguments, out);
            case ERF -> unary(primitives::erf, arguments, out);
            case IS_NAN -> predicate(primitives::isNan, arguments, out);
            case IS_FINITE -> predicate(primitives::isFinite, arguments, out);
            case ADD -> binary(primitives::add, arguments, out);
            case SUBTRACT -> binary(primitives::subtract, arguments, out);
            case MULTIPLY -> binary(primitives::multiply, arguments, out);
            case DIVIDE -> binary(primitives::divide, arguments, out);
            case FLOOR_DIVIDE -> binary(primitives::floorDivide, arguments, out);
            case MOD -> binary(primitives::mod, arguments, out);
            case POWER -> binary(primitives::pow, arguments, out);
            case MINIMUM -> binary(primitives::minimum, arguments, out);
            case MAXIMUM -> binary(primitives::maximum, arguments, out);
            case EQUAL -> comparison(primitives::equal, arguments, out);
            case NOT_EQUAL -> comparison(primitives::notEqual, arguments, out);
            case LESS -> comparison(primitives::less, arguments, out);
            case LESS_EQUAL -> comparison(primitives::lessEqual, arguments, out);
            case GREATER -> comparison(primitives::greater, arguments, out);
            case GREATER_EQUAL -> comparison(primitives::greaterEqual, arguments, out);
            case WHERE -> select(arguments, out);
            case LOGICAL_NOT, LOGICAL_AND, LOGICAL_OR, LOGICAL_XOR ->
                throw new IllegalStateException(op + " does not take float64");
        };
    }

    private static Kernel unary(Unary function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        double[] from = x.doubles();
        double[] to = out.doubles();
        return (tile, count) -> function.apply(from, x.at(tile), to, out.at(tile), count);
    }

    private static Kernel predicate(Predicate function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        double[] from = x.doubles();
        byte[] to = out.bytes();
        return (tile, count) -> function.apply(from, x.at(tile), to, out.at(tile), count);
    }

    private static Kernel binary(Binary function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        Register y = arguments.get(1);
        double[] left = x.doubles();
        double[] right = y.doubles();
        double[] to = out.doubles();
        return (tile, count) -> function.apply(left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    private static Kernel comparison(Comparison function, List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        Register y = arguments.get(1);
        double[] left = x.doubles();
        double[] right = y.doubles();
        byte[] to = out.bytes();
        return (tile, count) -> function.apply(left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    private Kernel select(List<Register> arguments, Register out) {
        Register condition = arguments.get(0);
        Register x = arguments.get(1);
        Register y = arguments.get(2);
        byte[] holds = condition.bytes();
        double[] left = x.doubles();
        double[] right = y.doubles();
        double[] to = out.doubles();
        return (tile, count) -> primitives.select(
                holds, condition.at(tile), left, x.at(tile), right, y.at(tile), to, out.at(tile), count);
    }

    /** {@code x * y + z}, rounded once. */
    Kernel multiplyAdd(Register x, Register y, Register z, Register out) {
        double[] left = x.doubles();
        double[] right = y.doubles();
        double[] added = z.doubles();
        double[] to = out.doubles();
        return (tile, count) ->
                primitives.multiplyAdd(left, x.at(tile), right, y.at(tile), added, z.at(tile), to, out.at(tile), count);
    }

    /** {@code x * scale + shift}, rounded once. */
    Kernel scaleShift(Register x, Register scale, Register shift, Register out) {
        double[] from = x.doubles();
        double[] factor = scale.doubles();
        double[] added = shift.doubles();
        double[] to = out.doubles();
        return (tile, count) -> primitives.scaleShift(from, x.at(tile), factor[0], added[0], to, out.at(tile), count);
    }

    @Override
    public @Nullable Kernel mapWithScalar(ScalarOp op, Register x, Register scalar, Register out, boolean scalarFirst) {
        if (op == ScalarOp.ADD) {
            return withScalar(primitives::addScalar, x, scalar, out);
        }
        if (op == ScalarOp.MULTIPLY) {
            return withScalar(primitives::multiplyScalar, x, scalar, out);
        }
        if (op == ScalarOp.SUBTRACT && !scalarFirst) {
            return withScalar(primitives::subtractScalar, x, scalar, out);
        }
        if (op == ScalarOp.DIVIDE && !scalarFirst) {
            return withScalar(primitives::divideScalar, x, scalar, out);
        }
        return null;
    }

    private static Kernel withScalar(WithScalar function, Register x, Register scalar, Register out) {
        double[] from = x.doubles();
        double[] number = scalar.doubles();
        double[] to = out.doubles();
        return (tile, count) -> function.apply(from, x.at(tile), number[0], to, out.at(tile), count);
    }

    @Override
    public Reducer reduce(ReduceOp op, Register argument, Register out, int groups) {
        return switch (op) {
            case SUM -> new Sum(argument, out, groups, false);
            case MEAN -> new Sum(argument, out, groups, true);
            case PROD -> new Product(argument, out, groups);
            case MAX, SUPREMUM -> new Extreme(argument, out, true);
            case MIN -> new Extreme(argument, out, false);
            case ARGMAX -> new PositionOfExtreme(argument, out, groups, true);
            case ARGMIN -> new PositionOfExtreme(argument, out, groups, false);
            case ANY, ALL -> throw new IllegalStateException(op + " does not take float64");
        };
    }

    private final class Sum implements Reducer {
        private final Register argument;
        private final Register out;
        private final double[] sums;
        private final boolean isMean;

        Sum(Register argument, Register out, int groups, boolean isMean) {
            this.argument = argument;
            this.out = out;
            this.sums = new double[groups];
            this.isMean = isMean;
        }

        @Override
        public void begin(Tile tile) {
            Arrays.fill(sums, 0, tile.groups, 0);
        }

        @Override
        public void accumulate(Tile tile) {
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++, at += tile.lanes) {
                sums[group] += primitives.sum(argument.doubles(), at, tile.lanes);
            }
        }

        @Override
        public void finish(Tile tile, long length) {
            for (int group = 0; group < tile.groups; group++) {
                out.doubles()[group] = (isMean ? sums[group] / length : sums[group]);
            }
        }
    }

    private final class Product implements Reducer {
        private final Register argument;
        private final Register out;
        private final double[] products;

        Product(Register argument, Register out, int groups) {
            this.argument = argument;
            this.out = out;
            this.products = new double[groups];
        }

        @Override
        public void begin(Tile tile) {
            Arrays.fill(products, 0, tile.groups, 1);
        }

        @Override
        public void accumulate(Tile tile) {
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++, at += tile.lanes) {
                products[group] *= primitives.product(argument.doubles(), at, tile.lanes);
            }
        }

        @Override
        public void finish(Tile tile, long length) {
            for (int group = 0; group < tile.groups; group++) {
                out.doubles()[group] = products[group];
            }
        }
    }

    private final class Extreme implements Reducer {
        private final Register argument;
        private final Register out;
        private final boolean isMax;

        Extreme(Register argument, Register out, boolean isMax) {
            this.argument = argument;
            this.out = out;
            this.isMax = isMax;
        }

        @Override
        public void begin(Tile tile) {
            Arrays.fill(out.doubles(), 0, tile.groups, isMax ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }

        @Override
        public void accumulate(Tile tile) {
            double[] extremes = out.doubles();
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++, at += tile.lanes) {
                extremes[group] = isMax
                        ? Math.max(extremes[group], primitives.max(argument.doubles(), at, tile.lanes))
                        : Math.min(extremes[group], primitives.min(argument.doubles(), at, tile.lanes));
            }
        }

        @Override
        public void finish(Tile tile, long length) {}
    }

    private final class PositionOfExtreme implements Reducer {
        private final Register argument;
        private final Register out;
        private final double[] extremes;
        private final boolean isMax;

        PositionOfExtreme(Register argument, Register out, int groups, boolean isMax) {
            this.argument = argument;
            this.out = out;
            this.extremes = new double[groups];
            this.isMax = isMax;
        }

        @Override
        public void begin(Tile tile) {}

        @Override
        public void accumulate(Tile tile) {
            double[] values = argument.doubles();
            int at = argument.at(tile);
            for (int group = 0; group < tile.groups; group++, at += tile.lanes) {
                int best =
                        isMax ? primitives.argMax(values, at, tile.lanes) : primitives.argMin(values, at, tile.lanes);
                double value = values[at + best];
                if (tile.lane == 0 || isBetter(value, extremes[group])) {
                    extremes[group] = value;
                    out.longs()[group] = (long) tile.lane + best;
                }
            }
        }

        private boolean isBetter(double value, double than) {
            boolean isBeyond = isMax ? value > than : value < than;
            return isBeyond || (Double.isNaN(value) && !Double.isNaN(than));
        }

        @Override
        public void finish(Tile tile, long length) {}
    }
}
