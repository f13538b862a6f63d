package dev.tessera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final Dim N = Dim.named("n");

    @Test
    void stridesAreRowMajor() {
        assertThat(Shape.of(Dim.of(2), N, Dim.of(3)).rowMajorStrides())
                .isEqualTo(List.of(N.times(3), Dim.of(3), Dim.ONE));
        assertThat(Shape.SCALAR.rowMajorStrides()).isEmpty();
    }

    @Test
    void elementCountIsTheProduct() {
        assertThat(Shape.of(2, 3).elementCount()).isEqualTo(Dim.of(6));
        assertThat(Shape.of(N, N).elementCount()).isEqualTo(N.times(N));
        assertThat(Shape.SCALAR.elementCount()).isEqualTo(Dim.ONE);
        assertThat(new TensorType(DType.FLOAT64, Shape.of(N)).sizeInBytes()).isEqualTo(N.times(8));
    }

    @Test
    void sizesAreNumbersOnceBound() {
        assertThat(Shape.of(N, Dim.of(2)).sizes(new DimBinding(Map.of("n", 4L))))
                .containsExactly(4, 2);
        assertThat(Shape.of(3, 2).sizes()).containsExactly(3, 2);
        assertThatThrownBy(() -> Shape.of(N).sizes()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void textsNameDTypeAndDims() {
        assertThat(new TensorType(DType.FLOAT32, Shape.of(N, Dim.of(2)))).hasToString("float32[n, 2]");
        assertThat(TensorType.scalar(DType.BOOL)).hasToString("bool[]");
        assertThat(new DimBinding(Map.of("n", 4L, "m", 1L))).hasToString("{m=1, n=4}");
    }
}
