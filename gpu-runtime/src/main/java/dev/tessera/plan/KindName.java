package dev.tessera.plan;

/** The names of the kinds of step. */
enum KindName implements Step.Visitor<String> {
    INSTANCE;

    @Override
    public String visit(RowProgramStep step) {
        return step.program().hasReductions() ? "reduce" : "map";
    }

    @Override
    public String visit(GemmStep step) {
        return "gemm";
    }

    @Override
    public String visit(SyrkStep step) {
        return "syrk";
    }

    @Override
    public String visit(CopyStep step) {
        return "copy";
    }

    @Override
    public String visit(GatherStep step) {
        return "gather";
    }

    @Override
    public String visit(CumulativeSumStep step) {
        return "cumsum";
    }

    @Override
    public String visit(TopKStep step) {
        return "topk";
    }

    @Override
    public String visit(ReduceRowsStep step) {
        return "reduceRows";
    }
}
