package dev.tessera.plan;

import static dev.tessera.plan.BrokenPlans.broken;
import static dev.tessera.plan.BrokenPlans.negative;
import static dev.tessera.plan.SamplePlans.dims;
import static dev.tessera.plan.SamplePlans.view;
import static dev.tessera.tensor.DType.FLOAT32;
import static dev.tessera.tensor.DType.INT64;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Plans that can run with no sizes, for their sizes are known and wrong. */
final class BrokenShapes {
    private static final Dim N = Dim.named("n");

    private BrokenShapes() {}

    static List<BrokenPlans.Broken> all() {
        List<BrokenPlans.Broken> all = new ArrayList<>();
        all.addAll(brokenShapes());
        all.addAll(brokenSizes());
        all.addAll(brokenViews());
        return all;
    }

    private static List<BrokenPlans.Broken> brokenShapes() {
        return List.of(
                broken("a slot of negative size", PlanCheck.SHAPE, p -> {
                    p.row(FLOAT32, -1);
                    p.output("y", p.column("x", FLOAT32));
                }),
                broken("an input that does not fill its slot", PlanCheck.SHAPE, p -> {
                    Operand x = p.row(FLOAT32, 4);
                    p.inputs(new ExecutionPlan.PlanInput("x", TensorType.of(FLOAT32, 3), x.slot()));
                    p.output("y", x);
                }),
                broken("a copy of another size", PlanCheck.SHAPE, p -> {
                    Operand y = p.row(FLOAT32, "n");
                    p.perRow(new CopyStep(p.column("x", FLOAT32, N.plus(1)), y));
                    p.column("z", FLOAT32, "n");
                    p.output("y", y);
                }),
                broken("a product of a vector", PlanCheck.SHAPE, p -> {
                    Operand y = p.row(FLOAT32, 3);
                    p.perRow(new GemmStep(p.column("a", FLOAT32, 3), p.column("b", FLOAT32, 3), null, null, y));
                    p.output("y", y);
                }),
                broken("a product whose inner dims differ", PlanCheck.SHAPE, p -> {
                    Operand y = p.row(FLOAT32, 2, 5);
                    p.perRow(new GemmStep(p.column("a", FLOAT32, 2, 3), p.column("b", FLOAT32, 4, 5), null, null, y));
                    p.output("y", y);
                }),
                broken("a gather along an axis that is not there", PlanCheck.SHAPE, p -> {
                    Operand y = p.row(FLOAT32, 2);
                    p.perRow(new GatherStep(p.column("x", FLOAT32, 4), p.column("i", INT64, 2), 1, y));
                    p.output("y", y);
                }));
    }

    private static List<BrokenPlans.Broken> brokenSizes() {
        return List.of(
                broken("more of the largest than there are", PlanCheck.SHAPE, p -> {
                    Operand y = p.row(FLOAT32, 5);
                    p.perRow(new TopKStep(p.column("x", FLOAT32, 4), y, p.row(INT64, 5)));
                    p.output("y", y);
                }),
                broken("an accumulator filled in part", PlanCheck.SHAPE, p -> {
                    Operand sum = p.slot(Scope.ACCUMULATOR, FLOAT32, Shape.of(4));
                    p.perRow(new ReduceRowsStep(
                            ReduceOp.SUM, p.column("x", FLOAT32, 2), view(sum, 0, dims(2), dims(1))));
                    p.output("y", sum);
                }),
                broken(
                        "an output of another shape than its type",
                        PlanCheck.SHAPE,
                        p -> p.output("y", TensorType.of(FLOAT32, 3), p.column("x", FLOAT32, 4))),
                broken(
                        "an input of rank 7",
                        PlanCheck.SHAPE,
                        p -> p.output("y", p.column("x", FLOAT32, 1, 1, 1, 1, 1, 1, 1))),
                broken("an equality that never holds", PlanCheck.EQUALITY, p -> {
                    p.output("y", p.column("x", FLOAT32, "n"));
                    p.equal("n", N.plus(1), "x + y");
                }),
                broken("a dim that overflows", PlanCheck.DIM, p -> {
                    p.row(FLOAT32, N.times(Long.MAX_VALUE / 2));
                    p.output("y", p.column("x", FLOAT32, "n"));
                }),
                broken("a maximum of nothing", PlanCheck.EMPTY, p -> {
                    Operand y = p.row(FLOAT32);
                    ProgramBuilder b = new ProgramBuilder();
                    RowProgram max = b.returning(b.reduce(ReduceOp.MAX, b.vector(FLOAT32)));
                    p.perRow(new RowProgramStep(
                            max, List.of(), Dim.ZERO, List.of(p.column("x", FLOAT32, 0)), List.of(y)));
                    p.output("y", y);
                }),
                broken(
                        "axes whose product overflows beside an empty one",
                        PlanCheck.BUDGET,
                        p -> p.output(
                                "y",
                                view(
                                        p.column("x", FLOAT32, 0),
                                        0,
                                        dims(0, 1 << 30, 1 << 30, 1 << 30),
                                        dims(0, 0, 0, 0)))));
    }

    private static List<BrokenPlans.Broken> brokenViews() {
        return List.of(
                copyOf("a view past the end", PlanCheck.BOUNDS, 1, dims(4), dims(1)),
                copyOf("a view before the start", PlanCheck.BOUNDS, 2, dims(4), dims(-1)),
                copyOf("a stride too far", PlanCheck.BOUNDS, 0, dims(4), dims(2)),
                copyOf("a stride that wraps", PlanCheck.BOUNDS, 0, dims(4), dims(1L << 62)),
                broken(
                        "a view of an unknown size that is always past the end",
                        PlanCheck.BOUNDS,
                        p -> p.output("y", view(p.column("x", FLOAT32, "n"), 1, List.of(N), dims(1)))),
                broken("two indices written to one element", PlanCheck.OVERLAP, p -> {
                    Operand y = p.row(FLOAT32, 4);
                    p.perRow(new CopyStep(p.column("x", FLOAT32, 4), view(y, 0, dims(4), dims(0))));
                    p.output("y", y);
                }),
                broken("rows written that meet each other", PlanCheck.OVERLAP, p -> {
                    Operand y = p.row(FLOAT32, 4);
                    p.perRow(new CopyStep(p.column("x", FLOAT32, 2, 3), view(y, 0, dims(2, 3), dims(1, 1))));
                    p.output("y", y);
                }),
                broken("a copy onto itself, shifted", PlanCheck.OVERLAP, p -> {
                    Operand y = filled(p, 4);
                    p.perRow(new CopyStep(view(y, 0, dims(3), dims(1)), view(y, 1, dims(3), dims(1))));
                    p.output("y", y);
                }),
                broken("a transpose in place", PlanCheck.OVERLAP, p -> {
                    Operand y = filled(p, 4);
                    p.perRow(new RowProgramStep(
                            negative(),
                            dims(2),
                            Dim.of(2),
                            List.of(view(y, 0, dims(2, 2), dims(1, 2))),
                            List.of(view(y, 0, dims(2, 2), dims(2, 1)))));
                    p.output("y", y);
                }),
                broken("a reduction in place", PlanCheck.OVERLAP, p -> {
                    Operand y = filled(p, 4);
                    ProgramBuilder b = new ProgramBuilder();
                    int x = b.vector(FLOAT32);
                    RowProgram centre = b.returning(b.map(ScalarOp.SUBTRACT, x, b.reduce(ReduceOp.MEAN, x)));
                    p.perRow(new RowProgramStep(centre, List.of(), Dim.of(4), List.of(y), List.of(y)));
                    p.output("y", y);
                }),
                broken("two outputs in one place", PlanCheck.OVERLAP, p -> {
                    Operand x = p.column("x", FLOAT32, 4);
                    Operand y = p.row(FLOAT32, 4);
                    ProgramBuilder b = new ProgramBuilder();
                    int value = b.vector(FLOAT32);
                    p.perRow(new RowProgramStep(
                            b.returning(value, value), List.of(), Dim.of(4), List.of(x), List.of(y, y)));
                    p.output("y", y);
                }));
    }

    private static BrokenPlans.Broken copyOf(
            String name, PlanCheck check, long offset, List<Dim> dims, List<Dim> strides) {
        return broken(name, check, p -> {
            Operand y = p.row(FLOAT32, 4);
            p.perRow(new CopyStep(view(p.column("x", FLOAT32, 4), offset, dims, strides), y));
            p.output("y", y);
        });
    }

    static Operand filled(PlanBuilder plan, long size) {
        Operand y = plan.row(FLOAT32, size);
        plan.perRow(new CopyStep(plan.column("x", FLOAT32, size), y));
        return y;
    }
}
