package dev.tessera.report;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanText;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan as lines: slots and what fills them, steps and their operands, row programs with a line per instruction. */
final class PlanLines {
    private static final int DIGEST_PREFIX = 12;

    private PlanLines() {}

    static void write(ExecutionPlan plan, TextListing listing) {
        listing.title("plan, " + plan.peakBytesPerRow() + " bytes per row at its peak");
        listing.section("slots", slots(plan));
        List<String> equalities = plan.equalities().stream()
                .map(e -> "%s == %s for %s".formatted(e.left(), e.right(), e.reason()))
                .toList();
        listing.section("equalities, checked when a row is seen", equalities);
        listing.section("steps once per task", steps(plan.invariantSteps()));
        listing.section("steps once per batch", steps(plan.rowSteps()));
        List<String> outputs = plan.outputs().stream()
                .map(o -> "%s %s = %s".formatted(TextListing.name(o.name()), o.type(), o.value()))
                .toList();
        listing.section("outputs", outputs);
    }

    private static List<String> slots(ExecutionPlan plan) {
        List<StringBuilder> lines = new ArrayList<>();
        for (int i = 0; i < plan.slots().size(); i++) {
            lines.add(new StringBuilder(slot(i, plan.slots().get(i))));
        }
        plan.inputs().forEach(input -> lines.get(input.slot()).append("  ").append(TextListing.name(input.name())));
        plan.constants()
                .forEach(constant -> lines.get(constant.slot())
                        .append("  constant ")
                        .append(constant.type())
                        .append(", sha256 ")
                        .append(
                                constant.digest(),
                                0,
                                Math.min(DIGEST_PREFIX, constant.digest().length())));
        return lines.stream().map(StringBuilder::toString).toList();
    }

    private static String slot(int index, BufferSlot slot) {
        String unit = slot.scope() == Scope.ROW ? "bytes per row" : "bytes";
        String scope = slot.scope().name().toLowerCase(Locale.ROOT);
        return "s%-3d %-11s  %-7s  %s elements, %s %s"
                .formatted(index, scope, slot.dtype(), slot.elementCount(), slot.sizeInBytes(), unit);
    }

    private static List<String> steps(List<Step> steps) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            String text = PlanText.of(step);
            if (step instanceof RowProgramStep program) {
                String instructions = program.program().toString();
                lines.add(i + "  " + text.replace("{ " + instructions + " }", "{"));
                for (String instruction : instructions.split("; ", -1)) {
                    lines.add("     " + instruction);
                }
                lines.add("   }");
            } else {
                lines.add(i + "  " + text);
            }
        }
        return lines;
    }
}
