package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The checks of a plan that need no sizes: indexes, scopes, order, names and dtypes. Used once, by one thread. */
final class PlanStructure {
    private static final int DIGEST_LENGTH = 2 * Sha256.SIZE_IN_BYTES;

    private final ExecutionPlan plan;
    private final StepTypes types;
    private final Set<String> namesOfParameters;
    private final Set<String> names;
    private final Map<String, TensorType> typesByDigest;
    // What an input or a constant fills is not written again: a batch may be run twice.
    private final boolean[] filled;
    private final boolean[] written;

    PlanStructure(ExecutionPlan plan) {
        this.plan = plan;
        this.types = new StepTypes(plan.slots());
        this.namesOfParameters = new HashSet<>();
        this.names = new HashSet<>();
        this.typesByDigest = new HashMap<>();
        this.filled = new boolean[plan.slots().size()];
        this.written = new boolean[plan.slots().size()];
    }

    static void checkCounts(ExecutionPlan plan) {
        requireAtMost(plan.slots(), PlanLimits.MAX_SLOTS, "slots");
        requireAtMost(plan.constants(), PlanLimits.MAX_CONSTANTS, "constants");
        requireAtMost(plan.inputs(), PlanLimits.MAX_INPUTS, "inputs");
        requireAtMost(plan.equalities(), PlanLimits.MAX_EQUALITIES, "equalities");
        requireAtMost(plan.invariantSteps(), PlanLimits.MAX_STEPS, "invariant steps");
        requireAtMost(plan.rowSteps(), PlanLimits.MAX_STEPS, "row steps");
        requireAtMost(plan.outputs(), PlanLimits.MAX_OUTPUTS, "outputs");
        require(!plan.outputs().isEmpty(), PlanCheck.COUNT, () -> "no outputs");
    }

    private static void requireAtMost(Collection<?> list, int most, String what) {
        require(list.size() <= most, PlanCheck.COUNT, () -> "%d %s, at most %d".formatted(list.size(), what, most));
    }

    /** Takes the names that inputs bind; to be called before anything that is checked for its names. */
    void bindNames() {
        for (ExecutionPlan.PlanInput input : plan.inputs()) {
            Scope scope = slot(input.slot()).scope();
            for (Dim dim : input.type().shape().dims()) {
                boolean isName = dim.terms().size() == 1 && dim.names().contains(dim.toString());
                if (isName) {
                    names.add(dim.toString());
                }
                if (isName && scope == Scope.PARAMETER) {
                    namesOfParameters.add(dim.toString());
                }
            }
        }
    }

    void checkSlot(BufferSlot slot) {
        require(
                slot.dtype().isComputable(),
                PlanCheck.SLOT,
                () -> "%s is a dtype of storage only".formatted(slot.dtype()));
        switch (slot.scope()) {
            case CONSTANT -> requireNames(slot.elementCount(), Set.of());
            case PARAMETER, ACCUMULATOR -> requireNames(slot.elementCount(), namesOfParameters);
            case ROW -> requireNames(slot.elementCount(), names);
        }
    }

    void checkConstant(ExecutionPlan.PlanConstant constant) {
        requireScope(slot(constant.slot()).scope() == Scope.CONSTANT, constant.slot(), "filled with a constant");
        checkType(constant.type(), constant.slot());
        require(constant.type().shape().isKnown(), PlanCheck.SHAPE, () -> "the shape of a constant is not known");
        String digest = constant.digest();
        boolean isDigest = digest.length() == DIGEST_LENGTH
                && digest.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        require(isDigest, PlanCheck.TEXT, () -> "'%s' is no SHA-256 in lower-case hex".formatted(digest));
        TensorType other = typesByDigest.putIfAbsent(digest, constant.type());
        require(
                other == null || other.equals(constant.type()),
                PlanCheck.TEXT,
                () -> "%s is the digest of %s and of %s".formatted(digest, other, constant.type()));
        fill(constant.slot());
    }

    void checkInput(ExecutionPlan.PlanInput input) {
        Scope scope = slot(input.slot()).scope();
        requireScope(scope == Scope.ROW || scope == Scope.PARAMETER, input.slot(), "filled with an input");
        checkType(input.type(), input.slot());
        for (Dim dim : input.type().shape().dims()) {
            requireNames(dim, scope == Scope.PARAMETER ? namesOfParameters : names);
        }
        fill(input.slot());
    }

    void checkUniqueNames() {
        requireUnique(plan.inputs().stream().map(ExecutionPlan.PlanInput::name).toList(), "inputs");
        requireUnique(
                plan.outputs().stream().map(ExecutionPlan.PlanOutput::name).toList(), "outputs");
    }

    void checkEquality(ExecutionPlan.DimEquality equality) {
        requireNames(equality.left(), names);
        requireNames(equality.right(), names);
    }

    void checkInvariantStep(Step step) {
        checkIndexes(step);
        require(!(step instanceof ReduceRowsStep), PlanCheck.SCOPE, () -> "there are no rows to reduce");
        for (Operand operand : step.writes()) {
            requireScope(scope(operand).isRowInvariant(), operand.slot(), "written");
            for (Operand read : step.reads()) {
                boolean reads = scope(read) == Scope.CONSTANT || scope(read) == scope(operand);
                requireScope(reads, read.slot(), "read to compute a " + scope(operand));
            }
        }
        checkNames(step, namesOfParameters);
        checkOrder(step);
        step.accept(types);
    }

    void checkRowStep(Step step) {
        checkIndexes(step);
        Scope target = step instanceof ReduceRowsStep ? Scope.ACCUMULATOR : Scope.ROW;
        for (Operand operand : step.writes()) {
            requireScope(scope(operand) == target, operand.slot(), "written");
            require(
                    target == Scope.ROW || !written[operand.slot()],
                    PlanCheck.SCOPE,
                    () -> "slot %d accumulates already".formatted(operand.slot()));
        }
        for (Operand operand : step.reads()) {
            requireScope(scope(operand) != Scope.ACCUMULATOR, operand.slot(), "read before all rows are reduced");
        }
        checkNames(step, names);
        checkOrder(step);
        step.accept(types);
    }

    void checkOutput(ExecutionPlan.PlanOutput output) {
        Operand value = output.value();
        checkType(output.type(), value.slot());
        require(written[value.slot()], PlanCheck.ORDER, () -> "slot %d is never written".formatted(value.slot()));
        requireNames(value, names);
        for (Dim dim : output.type().shape().dims()) {
            requireNames(dim, names);
        }
    }

    private void checkType(TensorType type, int slot) {
        require(
                type.rank() <= Shape.MAX_RANK,
                PlanCheck.SHAPE,
                () -> "rank %d, at most %d".formatted(type.rank(), Shape.MAX_RANK));
        require(
                type.dtype() == slot(slot).dtype(),
                PlanCheck.DTYPE,
                () -> "%s in slot %d of %s".formatted(type, slot, slot(slot).dtype()));
    }

    private void fill(int slot) {
        require(!filled[slot], PlanCheck.ORDER, () -> "slot %d is filled twice".formatted(slot));
        filled[slot] = true;
        written[slot] = true;
    }

    private void checkIndexes(Step step) {
        step.reads().forEach(operand -> slot(operand.slot()));
        step.writes().forEach(operand -> slot(operand.slot()));
    }

    private void checkOrder(Step step) {
        for (Operand operand : step.reads()) {
            require(
                    written[operand.slot()],
                    PlanCheck.ORDER,
                    () -> "slot %d is read before it is written".formatted(operand.slot()));
        }
        for (Operand operand : step.writes()) {
            require(
                    !filled[operand.slot()],
                    PlanCheck.ORDER,
                    () -> "slot %d holds what was given".formatted(operand.slot()));
            written[operand.slot()] = true;
        }
    }

    private void checkNames(Step step, Set<String> allowed) {
        step.reads().forEach(operand -> requireNames(operand, allowed));
        step.writes().forEach(operand -> requireNames(operand, allowed));
        if (step instanceof RowProgramStep program) {
            requireNames(program.length(), allowed);
            program.outer().forEach(dim -> requireNames(dim, allowed));
        }
    }

    private static void requireNames(Operand operand, Set<String> allowed) {
        requireNames(operand.offset(), allowed);
        operand.dims().forEach(dim -> requireNames(dim, allowed));
        operand.strides().forEach(dim -> requireNames(dim, allowed));
    }

    private static void requireNames(Dim dim, Set<String> allowed) {
        if (dim.isKnown()) {
            return;
        }
        for (String name : dim.names()) {
            require(
                    allowed.contains(name),
                    PlanCheck.UNKNOWN,
                    () -> "no input gives the size %s of %s by then".formatted(name, dim));
        }
    }

    private static void requireUnique(List<String> texts, String what) {
        Set<String> seen = new HashSet<>();
        for (String text : texts) {
            require(seen.add(text), PlanCheck.TEXT, () -> "two %s are named '%s'".formatted(what, text));
        }
    }

    private static void requireScope(boolean holds, int slot, String use) {
        require(holds, PlanCheck.SCOPE, () -> "slot %d cannot be %s".formatted(slot, use));
    }

    private Scope scope(Operand operand) {
        return slot(operand.slot()).scope();
    }

    private BufferSlot slot(int index) {
        List<BufferSlot> slots = plan.slots();
        require(
                index >= 0 && index < slots.size(),
                PlanCheck.SLOT,
                () -> "no slot %d of %d".formatted(index, slots.size()));
        return slots.get(index);
    }

    private static void require(boolean holds, PlanCheck check, Supplier<String> why) {
        Refusal.require(holds, check, why);
    }
}
