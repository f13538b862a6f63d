package dev.tessera.cuda.kernel;

import dev.tessera.codegen.Kernel;
import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.CopyStep;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GatherStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps of a plan for one number of rows and one binding of dims: the work, the sizes of slots, and where outputs are.
 * Immutable.
 *
 * @param work in order
 * @param stepsByKind how many steps that is, as receipts count them
 * @param slotBytes the size of each slot, of all rows: those of the plan, then some that outputs are gathered in
 * @param outputs in the plan's order
 * @param checks what refuses rows, as their status counts them from 1
 */
public record BoundBatch(
        List<DeviceWork> work,
        Map<String, Long> stepsByKind,
        List<Long> slotBytes,
        List<Output> outputs,
        List<Check> checks) {
    public BoundBatch {
        work = List.copyOf(work);
        stepsByKind = Map.copyOf(stepsByKind);
        slotBytes = List.copyOf(slotBytes);
        outputs = List.copyOf(outputs);
        checks = List.copyOf(checks);
    }

    /**
     * Where an output is, contiguous: {@code offset} bytes into a slot.
     *
     * @param rowBytes the size of one row
     * @param isShared whether there is one value, for all rows
     */
    public record Output(int slot, long offset, long rowBytes, boolean isShared) {}

    /** A check of indices against the size of an axis. */
    public record Check(long axisSize) {}

    /** The work of the steps that depend on no row. */
    public static BoundBatch ofInvariants(ExecutionPlan plan, DimBinding dims) {
        return new Binding(plan, dims, 1).bind(plan.invariantSteps(), List.of());
    }

    /** The work of a batch. */
    public static BoundBatch ofRows(ExecutionPlan plan, DimBinding dims, int rowCount) {
        return new Binding(plan, dims, rowCount).bind(plan.rowSteps(), plan.outputs());
    }

    /** Binds once. */
    private static final class Binding {
        private final List<BufferSlot> slots;
        private final DimBinding binding;

        Binding(ExecutionPlan plan, DimBinding dims, int rowCount) {
            Map<String, Long> sizes = new HashMap<>(dims.sizes());
            sizes.put(Kernel.ROWS.toString(), (long) rowCount);
            this.slots = new ArrayList<>(plan.slots());
            this.binding = new DimBinding(sizes);
        }

        BoundBatch bind(List<Step> steps, List<ExecutionPlan.PlanOutput> planOutputs) {
            List<Step> all = new ArrayList<>(steps);
            List<Operand> views = new ArrayList<>();
            for (ExecutionPlan.PlanOutput output : planOutputs) {
                views.add(contiguous(output.value(), all));
            }
            StepBinder binder = new StepBinder(slots, binding);
            List<DeviceWork> work = new ArrayList<>();
            Map<String, Long> kinds = new HashMap<>();
            for (Step step : all) {
                work.addAll(step.accept(binder));
                kinds.merge(step.kind(), 1L, Long::sum);
            }
            List<Check> checks = new ArrayList<>();
            for (GatherStep gather : binder.checks()) {
                checks.add(new Check(evaluate(gather.source().dims().get(gather.axis()))));
            }
            List<Output> outputs = views.stream().map(this::output).toList();
            return new BoundBatch(work, kinds, sizes(), outputs, checks);
        }

        /** The view itself, if its rows are contiguous and fill their slot; else a copy that is, made by a further step. */
        private Operand contiguous(Operand view, List<Step> steps) {
            BufferSlot slot = slots.get(view.slot());
            boolean fills =
                    view.offset().isKnown(0) && view.shape().elementCount().equals(slot.elementCount());
            boolean needsNoRows = slot.scope() != Scope.ROW;
            if (view.isContiguous() && (fills || needsNoRows)) {
                return view;
            }
            Shape shape = view.shape();
            Scope scope = needsNoRows ? Scope.PARAMETER : Scope.ROW;
            slots.add(new BufferSlot(scope, slot.dtype(), shape.elementCount()));
            Operand copy = Operand.contiguous(slots.size() - 1, shape);
            steps.add(new CopyStep(view, copy));
            return copy;
        }

        private Output output(Operand view) {
            BufferSlot slot = slots.get(view.slot());
            int width = slot.dtype().widthInBytes();
            long rowBytes = evaluate(view.shape().elementCount()) * width;
            return new Output(view.slot(), evaluate(view.offset()) * width, rowBytes, slot.scope() != Scope.ROW);
        }

        private List<Long> sizes() {
            List<Long> sizes = new ArrayList<>();
            for (BufferSlot slot : slots) {
                long bytes = evaluate(slot.sizeInBytes());
                sizes.add(slot.scope() == Scope.ROW ? Math.multiplyExact(bytes, evaluate(Kernel.ROWS)) : bytes);
            }
            return sizes;
        }

        private long evaluate(Dim dim) {
            return dim.evaluate(binding);
        }
    }
}
