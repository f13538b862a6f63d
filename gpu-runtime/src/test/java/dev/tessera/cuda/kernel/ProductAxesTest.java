package dev.tessera.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProductAxesTest {
    /** Rows of [m, k] times one [k, n]. */
    private static ProductAxes rows(long m, long k, long n) {
        return new ProductAxes(
                new DeviceWork.ProductShape(m, n, k), new long[] {k, 1}, new long[] {n, 1}, new long[] {n, 1});
    }

    @Test
    void aMatrixForAllRowsMakesOneProductOfTheBatch() {
        ProductAxes axes = rows(1, 20, 7);
        axes.take(new ProductAxes.Axis(100, 20, 0, 7));
        assertThat(axes.shape()).isEqualTo(new DeviceWork.ProductShape(100, 7, 20));
        assertThat(axes.leading()).isEmpty();
        ProductAxes several = rows(3, 20, 7);
        several.take(new ProductAxes.Axis(100, 60, 0, 21));
        assertThat(several.shape().rows()).isEqualTo(300);
        assertThat(several.leading()).isEmpty();
    }

    @Test
    void rowsThatLieApartStayABatch() {
        ProductAxes axes = rows(3, 20, 7);
        axes.take(new ProductAxes.Axis(100, 64, 0, 21));
        assertThat(axes.shape().rows()).isEqualTo(3);
        assertThat(axes.leading()).containsExactly(new ProductAxes.Axis(100, 64, 0, 21));
    }

    @Test
    void twoMatricesPerRowAreABatch() {
        ProductAxes axes = rows(3, 4, 5);
        axes.take(new ProductAxes.Axis(2, 12, 20, 15));
        axes.take(new ProductAxes.Axis(100, 24, 40, 30));
        assertThat(axes.leading())
                .containsExactly(new ProductAxes.Axis(100, 24, 40, 30), new ProductAxes.Axis(2, 12, 20, 15));
    }

    @Test
    void columnsThatContinueAreOneProductIfTheLeftFactorIsTheSame() {
        ProductAxes axes = new ProductAxes(
                new DeviceWork.ProductShape(3, 1, 4), new long[] {4, 1}, new long[] {1, 0}, new long[] {10, 0});
        axes.take(new ProductAxes.Axis(10, 0, 4, 1));
        assertThat(axes.shape()).isEqualTo(new DeviceWork.ProductShape(3, 10, 4));
        assertThat(axes.b()).containsExactly(1, 4);
        assertThat(axes.out()).containsExactly(10, 1);
    }
}
