package dev.tessera.plan;

import java.util.List;
import java.util.stream.IntStream;

/** A plan for people to read, whether it is one that may run or not. */
public final class PlanText {
    private static final int STEPS_AROUND = 2;
    private static final int LONGEST_LINE = 400;
    private static final int DIGEST_PREFIX = 12;

    private PlanText() {}

    /** The whole plan, over several lines. */
    public static String of(ExecutionPlan plan) {
        StringBuilder text = new StringBuilder();
        text.append("plan, peak ").append(peakBytesPerRow(plan)).append(" bytes per row\n");
        section(
                text,
                "slots",
                numbered("s", plan.slots().stream().map(PlanText::of).toList()));
        section(text, "constants", plan.constants().stream().map(PlanText::of).toList());
        section(text, "inputs", plan.inputs().stream().map(PlanText::of).toList());
        section(text, "equalities", plan.equalities().stream().map(PlanText::of).toList());
        section(text, "invariant steps", steps(plan.invariantSteps()));
        section(text, "row steps", steps(plan.rowSteps()));
        section(text, "outputs", plan.outputs().stream().map(PlanText::of).toList());
        return text.toString();
    }

    /** One step, on one line. */
    public static String of(Step step) {
        return step.accept(StepText.INSTANCE);
    }

    /** The step at {@code index} between its neighbours, marked. */
    static String around(List<Step> steps, int index) {
        StringBuilder text = new StringBuilder();
        int last = Math.min(steps.size() - 1, index + STEPS_AROUND);
        for (int i = Math.max(0, index - STEPS_AROUND); i <= last; i++) {
            String line = of(steps.get(i));
            text.append(i == index ? "\n> " : "\n  ").append(i).append(' ').append(shortened(line));
        }
        return text.toString();
    }

    private static String of(BufferSlot slot) {
        return "%s %s[%s]".formatted(slot.scope(), slot.dtype(), slot.elementCount());
    }

    private static String of(ExecutionPlan.PlanConstant constant) {
        String digest = constant.digest();
        String prefix = digest.substring(0, Math.min(DIGEST_PREFIX, digest.length()));
        return "s%d = %s sha256 %s".formatted(constant.slot(), constant.type(), prefix);
    }

    private static String of(ExecutionPlan.PlanInput input) {
        return "s%d = %s %s".formatted(input.slot(), input.type(), input.name());
    }

    private static String of(ExecutionPlan.DimEquality equality) {
        return "%s == %s for %s".formatted(equality.left(), equality.right(), equality.reason());
    }

    private static String of(ExecutionPlan.PlanOutput output) {
        return "%s %s = %s".formatted(output.type(), output.name(), StepText.view(output.value()));
    }

    private static List<String> steps(List<Step> steps) {
        return numbered("", steps.stream().map(PlanText::of).toList());
    }

    private static List<String> numbered(String prefix, List<String> lines) {
        return IntStream.range(0, lines.size())
                .mapToObj(i -> prefix + i + " " + lines.get(i))
                .toList();
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append(title).append('\n');
            lines.forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }

    private static String peakBytesPerRow(ExecutionPlan plan) {
        try {
            return plan.peakBytesPerRow().toString();
        } catch (ArithmeticException | IllegalArgumentException e) {
            return "uncountable";
        }
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }
}
