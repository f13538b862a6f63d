package dev.tessera.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.text.ExpressionParser;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What algebra would cancel and floats do not: all phases together leave every bit of it as the ops give it. */
class ForbiddenRewritesTest {
    private static final double[] FLOATS = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0, 1, -1, 3.5, -2.5, 1e30, -1e-30
    };
    private static final long[] INTEGERS = {0, 1, -1, 2, -2, 7, -7, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE, 5};
    private static final int COUNT = FLOATS.length;

    private static HostTensor values(DType dtype, int from) {
        HostTensor values = HostTensor.zeros(dtype, COUNT);
        for (int i = 0; i < COUNT; i++) {
            int at = (from + i) % COUNT;
            if (dtype.isFloating()) {
                values.setDouble(i, FLOATS[at]);
            } else {
                values.setLong(i, INTEGERS[at]);
            }
        }
        return values;
    }

    private static Graph graph(String text, DType dtype) {
        Map<String, Tensor> names = Map.of(
                "x", Tensors.variable("x", dtype, Dim.of(COUNT)),
                "y", Tensors.variable("y", dtype, Dim.of(COUNT)),
                "s", Tensors.variable("s", dtype),
                "zeros", Tensors.constant(HostTensor.zeros(dtype, COUNT)),
                "one_zero", Tensors.constant(HostTensor.zeros(dtype, 1)));
        return Graph.of("r", ExpressionParser.parse(text, names).get(0));
    }

    /** Every output as the ops one by one give it, for every value beside every other. */
    private static void assertSameBits(String text, DType dtype) {
        Graph graph = graph(text, dtype);
        Graph rewritten = GraphRewriter.rewrite(graph);
        for (int from = 0; from < COUNT; from++) {
            HostTensor x = values(dtype, 0);
            HostTensor s = HostTensor.zeros(dtype);
            s.setDouble(0, x.doubleAt(from));
            Map<String, HostTensor> inputs = Map.of("x", x, "y", values(dtype, from), "s", s);
            HostTensor expected =
                    ReferenceEvaluator.faithful().evaluate(graph, inputs).get(0);
            HostTensor actual =
                    ReferenceEvaluator.faithful().evaluate(rewritten, inputs).get(0);
            for (int i = 0; i < expected.elementCount(); i++) {
                // Double.compare tells -0 from 0, and takes all NaN for the same.
                assertThat(Double.compare(actual.doubleAt(i), expected.doubleAt(i)))
                        .as("%s of %s, element %d: %s is %s", text, dtype, i, actual.doubleAt(i), expected.doubleAt(i))
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x * 0",
                "0 * x",
                "x * -0.0",
                "x * zeros",
                "x * one_zero",
                "x * broadcast_to(one_zero, (11,))",
                "s * zeros",
                "x - x",
                "s - broadcast_to(s, (11,))",
                "(x + y) - (y + x)",
                "x - (x * 1)",
                "x / x",
                "(x * y) / (y * x)",
                "broadcast_to(s, (11,)) / s",
                "x + 0",
                "0 + x",
                "x + zeros",
                "one_zero + x",
                "x - -0.0",
                "-(-x) + 0"
            })
    void zerosAndOnesOfFloatsKeepEveryBit(String text) {
        assertSameBits(text, DType.FLOAT32);
        assertSameBits(text, DType.FLOAT64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exp(log(x))",
                "log(exp(x))",
                "exp(log(x)) * exp(log(y))",
                "0 / x",
                "0 - x",
                "-(x - y)",
                "-(y - x) + 0",
                "x % x",
                "x // x",
                "x // 1",
                "x ** 0",
                "x ** 0.5",
                "(x * y) / y",
                "(x + y) - y",
                "sqrt(x) ** 2",
                "sqrt(x) * sqrt(x)",
                "relu(-x) + relu(x)",
                "x * 0 + y",
                "where(x == x, x - x, 0)",
                "~(x < y)",
                "~(x >= y)",
                "x == x",
                "x != x",
                "x <= x",
                "abs(x) * 0",
                "minimum(x, x) * 1",
                "cast(cast(x, int64), float32) * 0",
                "reciprocal(reciprocal(x))",
                "x / 8",
                "x / 3",
                "x / -0.5",
                "-x / -y",
                "-x * -y",
                "x - -y",
                "x + -y"
            })
    void inversesOfFloatsKeepEveryBit(String text) {
        assertSameBits(text, DType.FLOAT32);
        assertSameBits(text, DType.FLOAT64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x * 0",
                "0 * x",
                "x * zeros",
                "x - x",
                "(x + y) - (y + x)",
                "x + 0",
                "x + zeros",
                "x // x",
                "x % x",
                "x // 1",
                "x % 1",
                "x // -1",
                "x % -1",
                "x // 0",
                "x % 0",
                "x // zeros",
                "x ** 0",
                "(x * y) // y",
                "0 - x",
                "-(x - y)",
                "-x * -y",
                "x - -y",
                "-x // -y",
                "~(x < y)",
                "~(x >= y)",
                "square(abs(x))",
                "abs(-x)",
                "x / x",
                "sum(broadcast_to(x, (4, 11)), axis=0)",
                "sum(broadcast_to(s, (4, 11)))"
            })
    void integersThatFoldAreThoseOfTheOps(String text) {
        assertSameBits(text, DType.INT32);
        assertSameBits(text, DType.INT64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x * 0", "x - x", "x * zeros[:1]"})
    void integersFoldToZeros(String text) {
        Graph rewritten = GraphRewriter.rewrite(graph(text, DType.INT32));

        assertThat(rewritten.toposort()).allMatch(apply -> apply.op() instanceof Op.BroadcastTo);
    }
}
