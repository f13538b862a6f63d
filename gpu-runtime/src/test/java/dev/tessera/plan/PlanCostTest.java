package dev.tessera.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanCostTest {
    @Test
    void aDenseLayerIsAProductAnEpilogueAndASoftmax() {
        PlanCost cost = PlanCost.of(SamplePlans.denseLayer().plan(), DimBinding.EMPTY);
        assertThat(cost.steps()).isEqualTo(2);
        assertThat(cost.multiplyAdds()).isEqualTo(20 * 7);
        assertThat(cost.copiedBytes()).isEqualTo((20 + 7) * 4);
        // The product reads x and writes y; the softmax reads y and writes the probabilities.
        assertThat(cost.streamedBytes()).isEqualTo((20 + 7 + 7 + 7) * 4);
        // Weights and bias.
        assertThat(cost.invariantBytes()).isEqualTo((20 * 7 + 7) * 4);
        // Bias and activation of 7 elements; six instructions of softmax on 7 elements each.
        assertThat(cost.operations()).isEqualTo(7 + 6 * 7);
    }

    @Test
    void sizesAreThoseOfTheBinding() {
        ExecutionPlan plan = SamplePlans.gram().plan();
        PlanCost cost = PlanCost.of(plan, new DimBinding(Map.of("n", 10L)));
        assertThat(cost.multiplyAdds()).isEqualTo(10 * 10 * 6 + 6 * 6 * 10);
        assertThat(cost.copiedBytes()).isEqualTo((10 * 6 + 10 * 10 + 6 * 6) * 8);
        assertThat(cost.operations()).isZero();
    }

    @Test
    void whatIsRepeatedIsReadOnce() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", DType.FLOAT32, 5);
        Operand y = plan.row(DType.FLOAT32, 3, 5);
        Operand repeated = SamplePlans.view(x, 0, List.of(Dim.of(3), Dim.of(5)), SamplePlans.dims(0, 1));
        plan.perRow(new CopyStep(repeated, y));
        plan.output("y", y);
        PlanCost cost = PlanCost.of(plan.build(), DimBinding.EMPTY);
        assertThat(cost.streamedBytes()).isEqualTo((5 + 15) * 4);
    }
}
