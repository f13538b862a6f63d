package dev.tessera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DTypeTest {
    @ParameterizedTest
    @EnumSource(DType.class)
    void codeAndNameLeadBackToTheDType(DType dtype) {
        assertThat(DType.ofWireCode(dtype.wireCode())).isSameAs(dtype);
        assertThat(DType.ofNumpyName(dtype.numpyName())).isSameAs(dtype);
    }

    @Test
    void unknownCodeAndNameAreRefused() {
        assertThatThrownBy(() -> DType.ofWireCode(99)).hasMessageContaining("unknown code 99");
        assertThatThrownBy(() -> DType.ofNumpyName("float128")).hasMessageContaining("use bool, int32");
    }

    /** NumPy's {@code np.result_type(np.dtype(a), np.dtype(b))}. */
    @ParameterizedTest
    @CsvSource({
        "bool, bool, bool",
        "bool, int32, int32",
        "bool, float32, float32",
        "int32, int32, int32",
        "int32, int64, int64",
        "int32, float32, float64",
        "int32, float64, float64",
        "int64, float32, float64",
        "int64, float64, float64",
        "float32, float32, float32",
        "float32, float64, float64"
    })
    void promotionIsThatOfNumpy(String left, String right, String expected) {
        DType a = DType.ofNumpyName(left);
        DType b = DType.ofNumpyName(right);
        assertThat(DType.promote(a, b)).isSameAs(DType.ofNumpyName(expected));
        assertThat(DType.promote(b, a)).isSameAs(DType.ofNumpyName(expected));
    }

    @Test
    void storageDTypesAreNotPromoted() {
        assertThatThrownBy(() -> DType.promote(DType.FLOAT16, DType.FLOAT32)).hasMessageContaining("decoded on entry");
    }

    /** NumPy's {@code np.can_cast(from, to)}. */
    @ParameterizedTest
    @CsvSource({
        "float64, int64, true",
        "float64, float32, true",
        "int64, int32, true",
        "int32, bool, true",
        "float32, int32, false",
        "int32, int64, false",
        "int64, float32, false",
        "bool, int32, false"
    })
    void canHoldIsTheSafeCastOfNumpy(String to, String from, boolean expected) {
        assertThat(DType.ofNumpyName(to).canHold(DType.ofNumpyName(from))).isEqualTo(expected);
    }

    @Test
    void storageDTypesDecodeToComputableOnes() {
        assertThat(Arrays.stream(DType.values()).map(DType::decoded)).allMatch(DType::isComputable);
        assertThat(DType.UINT8.decoded()).isSameAs(DType.INT32);
        assertThat(DType.BFLOAT16.decoded()).isSameAs(DType.FLOAT32);
        assertThat(DType.BOOL.decoded()).isSameAs(DType.BOOL);
    }
}
