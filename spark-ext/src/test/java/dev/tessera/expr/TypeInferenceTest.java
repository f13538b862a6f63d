package dev.tessera.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TypeInferenceTest {
    private static final Variable X = Tensors.variable("x", DType.FLOAT32, Dim.of(3), Dim.of(4));

    /** Ops on a float32[3, 4] that no word makes, but that bytes may hold. */
    static Stream<Arguments> invalidOps() {
        RowProgram ofVector = new RowProgram(
                List.of(new RowProgram.Input(DType.FLOAT64, true)), List.of(new RowProgram.Load(0)), List.of(0));
        return Stream.of(
                Arguments.of(columns(2, 3, 1), "positions 2 to 4 are out of range"),
                Arguments.of(columns(1, 3, -1), "positions 1 to -1 are out of range"),
                Arguments.of(columns(0, 1, 0), "a step is 0"),
                Arguments.of(columns(0, -1, 1), "size -1 is negative"),
                Arguments.of(columns(1, Long.MAX_VALUE, 2), "a size is larger than 2^63"),
                Arguments.of(new Op.Slice(List.of()), "0 ranges for rank 2"),
                Arguments.of(new Op.Reduce(ReduceOp.SUM, List.of(1, 1), false), "an axis is given twice"),
                Arguments.of(new Op.Reshape(Shape.of(-3, -4)), "size -3 is negative"),
                Arguments.of(new Op.Cast(DType.FLOAT16), "a dtype of storage only"),
                Arguments.of(new Op.BroadcastTo(Shape.of(1L << 31, 3, 4)), "a tensor has at most 2147483632 bytes"),
                Arguments.of(new Op.Fused(ofVector), "its program takes"));
    }

    private static Op.Slice columns(long start, long length, long step) {
        return new Op.Slice(List.of(
                new Op.Slice.Range(Dim.ZERO, Dim.of(3), 1), new Op.Slice.Range(Dim.of(start), Dim.of(length), step)));
    }

    @ParameterizedTest
    @MethodSource("invalidOps")
    void opsThatDoNotFitAreRefused(Op op, String why) {
        assertThatThrownBy(() -> Apply.of(op, X))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageStartingWith("Cannot apply ")
                .hasMessageContaining(why);
    }

    @Test
    void aSizeThatNoTensorHasIsRefusedBesideUnknownOnes() {
        Variable rows = Tensors.variable("rows", DType.FLOAT32, Dim.named("n"), Dim.of(1));

        assertThatThrownBy(() -> rows.tile(1L << 29))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageContaining("a tensor has at most 2147483632 bytes");
        assertThat(rows.tile(1L << 28).type().rank()).isEqualTo(2);
    }

    @Test
    void activationIsAFunctionOfOneNumber() {
        Variable w = Tensors.variable("w", DType.FLOAT32, Dim.of(4), Dim.of(4));

        for (ScalarOp op : List.of(ScalarOp.ADD, ScalarOp.IS_NAN, ScalarOp.LOGICAL_NOT)) {
            assertThatThrownBy(() -> Apply.of(new Op.Gemm(false, op), X, w)).hasMessageContaining("no activation");
        }
    }

    @Test
    void equalitiesOfManyInputsShareOneShortReason() {
        Variable a = Tensors.variable("a", DType.FLOAT32, Dim.named("n"), Dim.named("k"));
        Variable b = Tensors.variable("b", DType.FLOAT32, Dim.named("m"), Dim.named("l"));
        List<Tensor> many = new ArrayList<>(Collections.nCopies(1_000, a));
        many.addAll(Collections.nCopies(1_000, b));

        Apply concat = Apply.of(new Op.Concat(0), many);

        assertThat(concat.equalities()).hasSize(1);
        assertThat(concat.equalities().get(0).reason()).hasSizeLessThanOrEqualTo(ExpressionText.MAX_LENGTH);
        assertThat(concat.output().shape()).hasToString("[1000*m + 1000*n, k]");
    }

    @Test
    void constantsAreWhatAnExpressionHolds() {
        assertThatThrownBy(() -> Tensors.constant(HostTensor.zeros(DType.UINT8, 3)))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageStartingWith("Cannot make a constant of uint8[3]");
        assertThatThrownBy(() -> Tensors.constant(HostTensor.zeros(DType.BOOL, 1, 1, 1, 1, 1, 1, 1)))
                .hasMessageContaining("at most 6 axes");
    }
}
