package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Graph;
import dev.tessera.tensor.HostTensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PerceptronTest {
    @Test
    void firstImagesScoreAsWhereItWasTrained() throws IOException {
        FashionMnist images = FashionMnist.testImages();
        Graph graph = Perceptron.graph();
        List<Double> expected = ExpectedScores.firstProbabilities();
        assertThat(expected).hasSize(3 * 10);

        for (int image = 0; image < 3; image++) {
            float[] pixels = new float[FashionMnist.PIXELS];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = images.pixel(image, i) / 255f;
            }
            List<HostTensor> scores =
                    ReferenceEvaluator.wide().evaluate(graph, Map.of("pixels", HostTensor.of(pixels)));
            for (int k = 0; k < 10; k++) {
                assertThat(scores.get(0).doubleAt(k)).isCloseTo(expected.get(10 * image + k), within(2e-6));
            }
            // All three are among those that it gets right.
            assertThat(scores.get(1).longAt(0)).isEqualTo(images.label(image));
        }
    }
}
