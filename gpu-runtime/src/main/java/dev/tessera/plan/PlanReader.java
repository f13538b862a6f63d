package dev.tessera.plan;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the body of a plan that {@link PlanWriter} wrote. */
final class PlanReader {
    private static final int RECORD_BYTES = 32;
    private static final int TYPE_RECORDS_BYTES = 48;

    private final WireInput input;
    private final RowProgramReader programs;
    private final Supplier<Dim> readDim = this::readDim;
    private final Supplier<Operand> readOperand = this::readOperand;
    private final Supplier<Step> readStep = this::readStep;
    private List<Dim> dims = List.of();

    PlanReader(WireInput input) {
        this.input = input;
        this.programs = new RowProgramReader(input);
    }

    ExecutionPlan read() {
        dims = input.readList("dims", DimSerializer.MIN_BYTES, PlanLimits.MAX_DIMS, () -> DimSerializer.read(input));
        return new ExecutionPlan(
                input.readList("slots", WireLayout.SLOT_BYTES, PlanLimits.MAX_SLOTS, this::readSlot),
                input.readList("constants", WireLayout.CONSTANT_BYTES, PlanLimits.MAX_CONSTANTS, this::readConstant),
                input.readList("inputs", WireLayout.INPUT_BYTES, PlanLimits.MAX_INPUTS, this::readInput),
                input.readList("equalities", WireLayout.EQUALITY_BYTES, PlanLimits.MAX_EQUALITIES, this::readEquality),
                input.readList("invariant steps", WireLayout.STEP_BYTES, PlanLimits.MAX_STEPS, readStep),
                input.readList("row steps", WireLayout.STEP_BYTES, PlanLimits.MAX_STEPS, readStep),
                input.readList("outputs", WireLayout.OUTPUT_BYTES, PlanLimits.MAX_OUTPUTS, this::readOutput));
    }

    private BufferSlot readSlot() {
        input.charge(RECORD_BYTES);
        Scope scope = input.readCode(Scope::ofWireCode);
        DType dtype = input.readCode(DType::ofWireCode);
        return new BufferSlot(scope, dtype, readDim());
    }

    private ExecutionPlan.PlanConstant readConstant() {
        input.charge(RECORD_BYTES);
        int slot = input.readInt();
        TensorType type = readType();
        String digest = input.readText("digest", 2 * Sha256.SIZE_IN_BYTES);
        return new ExecutionPlan.PlanConstant(slot, type, digest);
    }

    private ExecutionPlan.PlanInput readInput() {
        input.charge(RECORD_BYTES);
        String name = input.readText("name", WireInput.MAX_TEXT_LENGTH);
        TensorType type = readType();
        return new ExecutionPlan.PlanInput(name, type, input.readInt());
    }

    private ExecutionPlan.DimEquality readEquality() {
        input.charge(RECORD_BYTES);
        Dim left = readDim();
        Dim right = readDim();
        return new ExecutionPlan.DimEquality(left, right, input.readText("reason", WireInput.MAX_TEXT_LENGTH));
    }

    private ExecutionPlan.PlanOutput readOutput() {
        input.charge(RECORD_BYTES);
        String name = input.readText("name", WireInput.MAX_TEXT_LENGTH);
        TensorType type = readType();
        return new ExecutionPlan.PlanOutput(name, type, readOperand());
    }

    private TensorType readType() {
        input.charge(TYPE_RECORDS_BYTES);
        DType dtype = input.readCode(DType::ofWireCode);
        List<Dim> sizes = input.readList("dims of a type", WireLayout.DIM_INDEX_BYTES, Shape.MAX_RANK, readDim);
        return new TensorType(dtype, new Shape(sizes));
    }

    private Dim readDim() {
        int index = input.readInt();
        if (index < 0 || index >= dims.size()) {
            throw input.failure(PlanCheck.DIM, "no dim %d in a table of %d".formatted(index, dims.size()));
        }
        return dims.get(index);
    }

    private Operand readOperand() {
        input.charge(RECORD_BYTES);
        int slot = input.readInt();
        Dim offset = readDim();
        List<Dim> sizes = readDims();
        List<Dim> strides = readDims();
        if (sizes.size() != strides.size()) {
            throw input.failure(
                    PlanCheck.SHAPE, "an operand has %d dims and %d strides".formatted(sizes.size(), strides.size()));
        }
        return new Operand(slot, offset, sizes, strides);
    }

    private List<Dim> readDims() {
        return input.readList("dims of an operand", WireLayout.DIM_INDEX_BYTES, Operand.MAX_RANK, readDim);
    }

    private Step readStep() {
        input.charge(RECORD_BYTES);
        int code = input.readInt();
        return switch (code) {
            case WireLayout.ROW_PROGRAM -> readRowProgramStep();
            case WireLayout.GEMM -> readGemmStep();
            case WireLayout.SYRK -> new SyrkStep(readOperand(), readOperand());
            case WireLayout.COPY -> new CopyStep(readOperand(), readOperand());
            case WireLayout.GATHER -> new GatherStep(readOperand(), readOperand(), input.readInt(), readOperand());
            case WireLayout.CUMULATIVE_SUM -> new CumulativeSumStep(readOperand(), input.readInt(), readOperand());
            case WireLayout.TOP_K -> new TopKStep(readOperand(), readOperand(), readOperand());
            case WireLayout.REDUCE_ROWS ->
                new ReduceRowsStep(input.readCode(ReduceOp::ofWireCode), readOperand(), readOperand());
            default -> throw input.failure(PlanCheck.CODE, "no kind of step has code " + code);
        };
    }

    private RowProgramStep readRowProgramStep() {
        RowProgram program = programs.read();
        List<Dim> outer = readDims();
        Dim length = readDim();
        return new RowProgramStep(program, outer, length, readOperands(), readOperands());
    }

    private List<Operand> readOperands() {
        return input.readList("operands", WireLayout.OPERAND_BYTES, PlanLimits.MAX_PROGRAM_OPERANDS, readOperand);
    }

    private GemmStep readGemmStep() {
        Operand a = readOperand();
        Operand b = readOperand();
        @Nullable Operand bias = input.readBoolean() ? readOperand() : null;
        @Nullable ScalarOp activation = input.readBoolean() ? input.readCode(ScalarOp::ofWireCode) : null;
        return new GemmStep(a, b, bias, activation, readOperand());
    }
}
