package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cuda.driver.BlasCompute;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaSettingsTest {
    @Test
    void withoutSettingsAllDevicesAreUsedAndFloat32IsStrict() {
        CudaSettings settings = CudaSettings.of(Map.of());
        assertThat(settings.devices()).isEmpty();
        assertThat(settings.float32()).isEqualTo(BlasCompute.FLOAT32);
        assertThat(settings.memoryFraction()).isBetween(0.1, 0.9);
    }

    @Test
    void devicesAreOrdinalsOrAll() {
        assertThat(CudaSettings.of(Map.of(CudaSettings.DEVICES, "all")).devices())
                .isEmpty();
        assertThat(CudaSettings.of(Map.of(CudaSettings.DEVICES, "1, 0")).devices())
                .containsExactly(1, 0);
    }

    @Test
    void reducedPrecisionIsOnlyUsedWhereItIsAskedFor() {
        assertThat(CudaSettings.of(Map.of(CudaSettings.MATH_MODE, "TF32")).float32())
                .isEqualTo(BlasCompute.FLOAT32_AS_TF32);
    }

    @ParameterizedTest
    @CsvSource({
        CudaSettings.DEVICES + ",first,'all, or ordinals of devices, such as 0,1'",
        CudaSettings.MEMORY_FRACTION + ",0,a number above 0 and up to 1",
        CudaSettings.MEMORY_FRACTION + ",most,a number above 0 and up to 1",
        CudaSettings.PINNED_BYTES + ",1g,a number of bytes",
        CudaSettings.MATH_MODE + ",fast,'strict, tf32, bf16 or fp16'"
    })
    void aValueThatMeansNothingIsRefusedWithWhatIsAllowed(String setting, String value, String allowed) {
        assertThatThrownBy(() -> CudaSettings.of(Map.of(setting, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot use a GPU: %s is '%s'; use %s", setting, value, allowed);
    }
}
