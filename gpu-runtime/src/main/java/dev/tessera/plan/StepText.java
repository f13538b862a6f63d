package dev.tessera.plan;

import java.util.List;
import java.util.stream.Collectors;

/** Steps as assignments, one line each. */
enum StepText implements Step.Visitor<String> {
    INSTANCE;

    @Override
    public String visit(RowProgramStep step) {
        String along = step.outer().isEmpty() ? "" : step.outer() + " x ";
        return "%s = %s(%s) along %s%s { %s }"
                .formatted(
                        list(step.outputs()), step.kind(), list(step.inputs()), along, step.length(), step.program());
    }

    @Override
    public String visit(GemmStep step) {
        String sum = view(step.a()) + " @ " + view(step.b()) + (step.bias() == null ? "" : " + " + view(step.bias()));
        return view(step.out()) + " = gemm " + (step.activation() == null ? sum : step.activation() + "(" + sum + ")");
    }

    @Override
    public String visit(SyrkStep step) {
        return view(step.out()) + " = syrk " + view(step.a());
    }

    @Override
    public String visit(CopyStep step) {
        return view(step.out()) + " = copy " + view(step.source());
    }

    @Override
    public String visit(GatherStep step) {
        return "%s = gather %s at %s axis %d"
                .formatted(view(step.out()), view(step.source()), view(step.indices()), step.axis());
    }

    @Override
    public String visit(CumulativeSumStep step) {
        return "%s = cumsum %s axis %d".formatted(view(step.out()), view(step.source()), step.axis());
    }

    @Override
    public String visit(TopKStep step) {
        return view(step.values()) + ", " + view(step.indices()) + " = topk " + view(step.source());
    }

    @Override
    public String visit(ReduceRowsStep step) {
        return view(step.accumulator()) + " = reduceRows " + step.op() + " " + view(step.source());
    }

    private static String list(List<Operand> operands) {
        return operands.stream().map(StepText::view).collect(Collectors.joining(", "));
    }

    /** An operand, also one of which not even the contiguous strides can be computed. */
    static String view(Operand operand) {
        try {
            return operand.toString();
        } catch (ArithmeticException | IllegalArgumentException e) {
            return "s%d%s offset %s strides %s"
                    .formatted(operand.slot(), operand.dims(), operand.offset(), operand.strides());
        }
    }
}
