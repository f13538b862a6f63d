package dev.tessera.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlasLayoutTest {
    @Test
    void rowsMayLieApartAndColumnsAndAreReadByRowsOrByColumns() {
        assertThat(BlasLayout.of(3, 4, 4, 1)).contains(new BlasLayout(true, 4));
        assertThat(BlasLayout.of(3, 4, 9, 1)).contains(new BlasLayout(true, 9));
        assertThat(BlasLayout.of(3, 4, 1, 3)).contains(new BlasLayout(false, 3));
        assertThat(BlasLayout.of(3, 4, 1, 7)).contains(new BlasLayout(false, 7));
    }

    @Test
    void theStrideOfAnAxisOfOneDoesNotMatter() {
        assertThat(BlasLayout.of(1, 4, 0, 1)).contains(new BlasLayout(true, 4));
        assertThat(BlasLayout.of(3, 1, 5, 0)).contains(new BlasLayout(true, 5));
        assertThat(BlasLayout.of(1, 1, 0, 0)).contains(new BlasLayout(true, 1));
    }

    @Test
    void gapsBothWaysRepeatedAndReversedRowsAreNoLayout() {
        assertThat(BlasLayout.of(3, 4, 8, 2)).isEmpty();
        assertThat(BlasLayout.of(3, 4, 0, 1)).isEmpty();
        assertThat(BlasLayout.of(3, 4, -4, 1)).isEmpty();
        assertThat(BlasLayout.of(3, 4, 2, 1)).isEmpty();
        assertThat(BlasLayout.of(2, 2, 1L << 31, 1)).isEmpty();
    }
}
