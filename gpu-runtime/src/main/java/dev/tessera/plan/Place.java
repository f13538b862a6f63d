package dev.tessera.plan;

import dev.tessera.tensor.DimBinding;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs checks and, where one refuses, says of what plan and where in it. */
final class Place {
    private final @Nullable DimBinding binding;

    private Place(@Nullable DimBinding binding) {
        this.binding = binding;
    }

    /** Refusals become {@link PlanFormatException}s. */
    static Place inPlan() {
        return new Place(null);
    }

    /** Refusals become {@link PlanBindingException}s. */
    static Place inPlanBoundTo(DimBinding binding) {
        return new Place(binding);
    }

    void check(String part, Runnable check) {
        try {
            check.run();
        } catch (Refusal | ArithmeticException | IllegalArgumentException e) {
            throw complaint(part, e, "");
        }
    }

    <T> void checkAll(String kind, List<T> parts, Consumer<T> check) {
        for (int i = 0; i < parts.size(); i++) {
            try {
                check.accept(parts.get(i));
            } catch (Refusal | ArithmeticException | IllegalArgumentException e) {
                throw complaint(kind + " " + i + ": ", e, "");
            }
        }
    }

    void checkSteps(String kind, List<Step> steps, Consumer<Step> check) {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            try {
                check.accept(step);
            } catch (Refusal | ArithmeticException | IllegalArgumentException e) {
                throw complaint("%s %d (%s): ".formatted(kind, i, step.kind()), e, PlanText.around(steps, i));
            }
        }
    }

    private IllegalArgumentException complaint(String part, RuntimeException cause, String steps) {
        PlanCheck check = cause instanceof Refusal refusal ? refusal.check() : PlanCheck.DIM;
        Throwable shown = cause instanceof Refusal ? null : cause;
        if (binding == null) {
            return new PlanFormatException(check, "Cannot run plan: " + part + cause.getMessage() + steps, shown);
        }
        return new PlanBindingException(
                check, "Cannot run plan with %s: %s%s%s".formatted(binding, part, cause.getMessage(), steps), shown);
    }
}
