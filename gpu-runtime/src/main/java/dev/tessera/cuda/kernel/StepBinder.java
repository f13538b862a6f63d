package dev.tessera.cuda.kernel;

import dev.tessera.codegen.GatherKernel;
import dev.tessera.codegen.Kernel;
import dev.tessera.codegen.MapKernel;
import dev.tessera.codegen.ReduceKernel;
import dev.tessera.codegen.ScanKernel;
import dev.tessera.codegen.TopKKernel;
import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.CopyStep;
import dev.tessera.plan.CumulativeSumStep;
import dev.tessera.plan.GatherStep;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.ReduceRowsStep;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.ScalarOp;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import dev.tessera.plan.SyrkStep;
import dev.tessera.plan.TopKStep;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Turns steps into work for a device, for one number of rows and one binding of dims. Used once, by one thread. */
final class StepBinder implements Step.Visitor<List<DeviceWork>> {
    private final List<BufferSlot> slots;
    private final DimBinding binding;
    private final LaunchBinder launches;
    private final List<GatherStep> checks = new ArrayList<>();

    /** A binder for the slots of a plan; {@code binding} binds also {@link Kernel#ROWS}. */
    StepBinder(List<BufferSlot> slots, DimBinding binding) {
        this.slots = slots;
        this.binding = binding;
        this.launches = new LaunchBinder(slots, binding);
    }

    /** The gathers whose indices are checked, in the order of the checks, which count from 1. */
    List<GatherStep> checks() {
        return Collections.unmodifiableList(checks);
    }

    @Override
    public List<DeviceWork> visit(RowProgramStep step) {
        return step.program().hasReductions()
                ? launches.reduce(step.kind(), ReduceKernel.of(step, slots))
                : launches.map(step.kind(), MapKernel.of(step, slots));
    }

    @Override
    public List<DeviceWork> visit(CopyStep step) {
        return launches.map(step.kind(), MapKernel.of(step, slots));
    }

    @Override
    public List<DeviceWork> visit(GatherStep step) {
        checks.add(step);
        GatherKernel kernel = GatherKernel.of(step, slots);
        List<DeviceWork> work = new ArrayList<>();
        work.addAll(launches.launch(step.kind(), Kernel.ROWS, width -> kernel.renderCheck(checks.size(), width)));
        work.addAll(launches.launch(step.kind(), kernel.work(), kernel::render));
        return work;
    }

    @Override
    public List<DeviceWork> visit(CumulativeSumStep step) {
        ScanKernel kernel = ScanKernel.of(step, slots);
        return launches.launch(step.kind(), kernel.work(), kernel::render);
    }

    @Override
    public List<DeviceWork> visit(TopKStep step) {
        return launches.topK(step.kind(), TopKKernel.of(step, slots));
    }

    @Override
    public List<DeviceWork> visit(ReduceRowsStep step) {
        return launches.reduce(step.kind(), ReduceKernel.of(step, slots));
    }

    @Override
    public List<DeviceWork> visit(SyrkStep step) {
        Operand a = step.a();
        int last = a.rank() - 1;
        Operand transposed = new Operand(a.slot(), a.offset(), swapped(a.dims(), last), swapped(a.strides(), last));
        return products(step.kind(), List.of(a, transposed, step.out()));
    }

    private static List<Dim> swapped(List<Dim> dims, int last) {
        List<Dim> swapped = new ArrayList<>(dims);
        Collections.swap(swapped, last - 1, last);
        return swapped;
    }

    @Override
    public List<DeviceWork> visit(GemmStep step) {
        List<DeviceWork> work = new ArrayList<>(products(step.kind(), List.of(step.a(), step.b(), step.out())));
        if (step.bias() != null || step.activation() != null) {
            work.addAll(launches.map("epilogue", MapKernel.of(epilogue(step), slots)));
        }
        return work;
    }

    /** What follows the product, in place. */
    private RowProgramStep epilogue(GemmStep step) {
        Operand out = step.out();
        DType dtype = slots.get(out.slot()).dtype();
        List<RowProgram.Input> inputs = new ArrayList<>(List.of(new RowProgram.Input(dtype, true)));
        List<Operand> operands = new ArrayList<>(List.of(out));
        List<RowProgram.Instruction> instructions = new ArrayList<>(List.of(new RowProgram.Load(0)));
        if (step.bias() != null) {
            inputs.add(new RowProgram.Input(dtype, true));
            operands.add(step.bias());
            instructions.add(new RowProgram.Load(1));
            instructions.add(new RowProgram.Map(ScalarOp.ADD, List.of(0, 1)));
        }
        if (step.activation() != null) {
            instructions.add(new RowProgram.Map(step.activation(), List.of(instructions.size() - 1)));
        }
        RowProgram program = new RowProgram(inputs, instructions, List.of(instructions.size() - 1));
        int last = out.rank() - 1;
        return new RowProgramStep(
                program, out.dims().subList(0, last), out.dims().get(last), operands, List.of(out));
    }

    /** The products of a, b and out. */
    private List<DeviceWork> products(String kind, List<Operand> operands) {
        Operand a = operands.get(0);
        Operand b = operands.get(1);
        Operand out = operands.get(2);
        int last = out.rank() - 1;
        DeviceWork.ProductShape shape = new DeviceWork.ProductShape(
                size(out.dims().get(last - 1)),
                size(out.dims().get(last)),
                size(a.dims().get(last)));
        ProductAxes axes = new ProductAxes(shape, matrixStrides(a), matrixStrides(b), matrixStrides(out));
        for (int axis = last - 2; axis >= 0; axis--) {
            axes.take(new ProductAxes.Axis(
                    size(out.dims().get(axis)), stride(a, axis), stride(b, axis), stride(out, axis)));
        }
        if (slots.get(out.slot()).scope() == Scope.ROW) {
            axes.take(new ProductAxes.Axis(
                    size(Kernel.ROWS), launches.rowStride(a), launches.rowStride(b), launches.rowStride(out)));
        }
        return new ProductNest(kind, launches, axes).over(a, b, out);
    }

    private long[] matrixStrides(Operand operand) {
        int last = operand.rank() - 1;
        return new long[] {stride(operand, last - 1), stride(operand, last)};
    }

    private long stride(Operand operand, int axis) {
        return size(operand.strides().get(axis));
    }

    private long size(Dim dim) {
        return dim.evaluate(binding);
    }
}
