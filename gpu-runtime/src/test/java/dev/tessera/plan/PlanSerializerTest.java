package dev.tessera.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanSerializerTest {
    static List<SamplePlans.Sample> samples() {
        return SamplePlans.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void planReadsBackEqual(SamplePlans.Sample sample) {
        PlanVerifier.verify(sample.plan());
        byte[] bytes = PlanSerializer.write(sample.plan());

        assertThat(PlanSerializer.read(bytes)).isEqualTo(sample.plan());
    }
}
