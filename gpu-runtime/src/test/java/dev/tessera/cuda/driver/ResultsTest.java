package dev.tessera.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.cuda.driver.CudaException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {
    @ParameterizedTest
    @ValueSource(ints = {46, 214, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 999})
    void errorsAfterWhichNothingWorksAreSticky(int code) {
        assertThat(Results.kindOf(code)).isEqualTo(Kind.STICKY);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 701})
    void whatLessWorkMendsIsOutOfMemory(int code) {
        assertThat(Results.kindOf(code)).isEqualTo(Kind.OUT_OF_MEMORY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 201, 400, 500})
    void mistakesOfTheCallerAreNeither(int code) {
        assertThat(Results.kindOf(code)).isEqualTo(Kind.OTHER);
    }

    @Test
    void successIsNoFailure() {
        Results.check("cuInit", 0);
        Results.checkBlas("cublasCreate", 0);
        Results.checkCompiler("nvrtcVersion", 0);
    }

    @Test
    void aFailureNamesFunctionAndCode() {
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> Results.check("cuEventQuery", 600))
                .withMessage("Cannot run cuEventQuery: CUDA_ERROR_NOT_READY (600)")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_READY))
                .satisfies(e -> assertThat(e.code()).isEqualTo(600))
                .satisfies(e -> assertThat(e.function()).isEqualTo("cuEventQuery"));
    }
}
