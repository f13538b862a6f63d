package dev.tessera.compile;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.Operand;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lets buffers that are never alive together share a slot: a buffer is alive from the step that first writes it to the
 * one that last reads it. Inputs, constants and outputs keep theirs, and so does what row steps read of invariant steps.
 */
final class SlotAssignment {
    private static final int NEVER = -1;

    private final List<BufferSlot> buffers;
    private final List<Step> steps;
    private final int invariantCount;
    private final int[] firstWrite;
    private final int[] lastUse;
    private final int[] slotOf;
    private final List<BufferSlot> slots = new ArrayList<>();
    private final List<Integer> free = new ArrayList<>();
    /** Of each slot, when the last of its buffers is last used, and when a buffer of it was last first written. */
    private final int[] aliveUntil;

    private final int[] writtenAt;

    private SlotAssignment(PlanDraft draft, List<Operand> outputs) {
        this.buffers = draft.buffers();
        this.steps = new ArrayList<>(draft.invariantSteps());
        this.invariantCount = steps.size();
        steps.addAll(draft.rowSteps());
        this.firstWrite = new int[buffers.size()];
        this.lastUse = new int[buffers.size()];
        this.slotOf = new int[buffers.size()];
        this.aliveUntil = new int[buffers.size()];
        this.writtenAt = new int[buffers.size()];
        Arrays.fill(firstWrite, NEVER);
        Arrays.fill(slotOf, NEVER);
        Arrays.fill(writtenAt, NEVER);
        for (int at = 0; at < steps.size(); at++) {
            findUses(at);
        }
        outputs.forEach(output -> lastUse[output.slot()] = Integer.MAX_VALUE);
    }

    /** The slots, and the slot of each buffer. */
    record Assigned(List<BufferSlot> slots, List<Integer> slotOfBuffer) {
        Assigned {
            slots = List.copyOf(slots);
            slotOfBuffer = List.copyOf(slotOfBuffer);
        }

        Operand moved(Operand operand) {
            return new Operand(slotOfBuffer.get(operand.slot()), operand.offset(), operand.dims(), operand.strides());
        }

        Step moved(Step step) {
            return step.accept(new StepOperands(this::moved));
        }
    }

    static Assigned assign(PlanDraft draft, List<Operand> outputs) {
        return new SlotAssignment(draft, outputs).assigned();
    }

    private void findUses(int at) {
        for (Operand written : steps.get(at).writes()) {
            if (firstWrite[written.slot()] == NEVER) {
                firstWrite[written.slot()] = at;
            }
            lastUse[written.slot()] = at;
        }
        for (Operand read : steps.get(at).reads()) {
            boolean outlives = at >= invariantCount && buffers.get(read.slot()).scope() != Scope.ROW;
            lastUse[read.slot()] = outlives || firstWrite[read.slot()] == NEVER ? Integer.MAX_VALUE : at;
        }
    }

    private Assigned assigned() {
        for (int buffer = 0; buffer < buffers.size(); buffer++) {
            if (firstWrite[buffer] == NEVER) {
                slotOf[buffer] = newSlot(buffers.get(buffer));
                aliveUntil[slotOf[buffer]] = Integer.MAX_VALUE;
            }
        }
        for (int at = 0; at < steps.size(); at++) {
            Step step = steps.get(at);
            for (Operand written : step.writes()) {
                int buffer = written.slot();
                if (slotOf[buffer] == NEVER) {
                    int slot = slotFor(step, at, written);
                    slotOf[buffer] = slot;
                    aliveUntil[slot] = Math.max(aliveUntil[slot], lastUse[buffer]);
                    writtenAt[slot] = at;
                }
            }
            release(step, at);
        }
        return new Assigned(slots, Arrays.stream(slotOf).boxed().toList());
    }

    private int newSlot(BufferSlot buffer) {
        slots.add(buffer);
        return slots.size() - 1;
    }

    /** The slots that this step is the last to use, free for what later steps write. */
    private void release(Step step, int at) {
        step.reads().forEach(operand -> release(slotOf[operand.slot()], at));
        step.writes().forEach(operand -> release(slotOf[operand.slot()], at));
    }

    private void release(int slot, int at) {
        if (aliveUntil[slot] == at && !free.contains(slot)) {
            free.add(slot);
        }
    }

    private int slotFor(Step step, int at, Operand written) {
        BufferSlot buffer = buffers.get(written.slot());
        int overwritten = overwritable(step, at, written);
        if (overwritten != NEVER) {
            return overwritten;
        }
        int best = NEVER;
        for (int slot : free) {
            if (fits(slots.get(slot), buffer) && (best == NEVER || isCloser(slot, best, buffer))) {
                best = slot;
            }
        }
        if (best == NEVER) {
            return newSlot(buffer);
        }
        free.remove((Integer) best);
        if (!isAtLeast(slots.get(best).elementCount(), buffer.elementCount())) {
            slots.set(best, buffer);
        }
        return best;
    }

    /** Same scope and dtype, and one of the sizes provably holds the other: a slot may grow. */
    private static boolean fits(BufferSlot slot, BufferSlot buffer) {
        return slot.scope() == buffer.scope()
                && slot.dtype() == buffer.dtype()
                && (isAtLeast(slot.elementCount(), buffer.elementCount())
                        || isAtLeast(buffer.elementCount(), slot.elementCount()));
    }

    /** Whether the first slot wastes less than the second: one that holds the buffer before one that must grow. */
    private boolean isCloser(int slot, int than, BufferSlot buffer) {
        Dim size = slots.get(slot).elementCount();
        Dim other = slots.get(than).elementCount();
        boolean holds = isAtLeast(size, buffer.elementCount());
        boolean otherHolds = isAtLeast(other, buffer.elementCount());
        if (holds != otherHolds) {
            return holds;
        }
        return holds ? isAtLeast(other, size) && !other.equals(size) : isAtLeast(size, other) && !other.equals(size);
    }

    /** The slot of an input that this step reads for the last time, element by element just where it writes. */
    private int overwritable(Step step, int at, Operand written) {
        if (!(step instanceof RowProgramStep program) || program.program().hasReductions()) {
            return NEVER;
        }
        for (Operand read : program.inputs()) {
            boolean isSameView = read.dims().equals(written.dims())
                    && read.strides().equals(written.strides())
                    && read.offset().equals(written.offset());
            int slot = slotOf[read.slot()];
            if (isSameView
                    && lastUse[read.slot()] == at
                    && buffers.get(read.slot()).dtype()
                            == buffers.get(written.slot()).dtype()
                    && buffers.get(read.slot()).scope()
                            == buffers.get(written.slot()).scope()
                    && buffers.get(read.slot())
                            .elementCount()
                            .equals(buffers.get(written.slot()).elementCount())
                    && aliveUntil[slot] == at
                    && writtenAt[slot] != at
                    && isReadOnlyAs(program, read)) {
                return slot;
            }
        }
        return NEVER;
    }

    private static boolean isReadOnlyAs(RowProgramStep step, Operand view) {
        return step.inputs().stream().allMatch(read -> read.slot() != view.slot() || read.equals(view));
    }

    /** Whether the first size is provably no less than the second, whatever the (nonnegative) unknowns are. */
    static boolean isAtLeast(Dim size, Dim other) {
        for (Dim.Term term : size.minus(other).terms()) {
            boolean isNonnegative = term.atoms().stream().allMatch(Dim.Named.class::isInstance);
            if (term.coefficient() < 0 || !isNonnegative) {
                return false;
            }
        }
        return true;
    }
}
