package dev.tessera.plan;

import static dev.tessera.plan.SamplePlans.dims;
import static dev.tessera.plan.SamplePlans.view;
import static dev.tessera.tensor.DType.BOOL;
import static dev.tessera.tensor.DType.FLOAT32;
import static dev.tessera.tensor.DType.FLOAT64;
import static dev.tessera.tensor.DType.INT32;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Plans that can run with no sizes, each for one reason that needs no sizes to tell. */
final class BrokenPlans {
    private static final Dim N = Dim.named("n");

    /** Something wrong with a plan that is right but for it: x float32[n, 4] to y float32[n, 4]. */
    record Broken(String name, PlanCheck check, Consumer<PlanBuilder> plan) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Broken broken(String name, PlanCheck check, Consumer<PlanBuilder> plan) {
        return new Broken(name, check, plan);
    }

    private BrokenPlans() {}

    static List<Broken> all() {
        List<Broken> all = new ArrayList<>();
        all.addAll(brokenSlotsAndNames());
        all.addAll(brokenScopesAndOrder());
        all.addAll(brokenTypes());
        all.addAll(brokenPrograms());
        all.addAll(brokenOperandsOfPrograms());
        return all;
    }

    private static List<Broken> brokenSlotsAndNames() {
        return List.of(
                broken("no outputs", PlanCheck.COUNT, p -> p.column("x", FLOAT32)),
                broken("a slot that is not there", PlanCheck.SLOT, p -> {
                    Operand x = p.column("x", FLOAT32);
                    p.perRow(new CopyStep(new Operand(9, Dim.ZERO, List.of(), List.of()), p.row(FLOAT32)));
                    p.output("y", x);
                }),
                broken("a negative slot", PlanCheck.SLOT, p -> {
                    Operand x = p.column("x", FLOAT32);
                    p.perRow(new CopyStep(x, new Operand(-1, Dim.ZERO, List.of(), List.of())));
                    p.output("y", x);
                }),
                broken("a slot of what is only stored", PlanCheck.SLOT, p -> p.output("y", p.column("x", DType.UINT8))),
                broken("a slot of an unknown size that no input has", PlanCheck.UNKNOWN, p -> {
                    p.row(FLOAT32, "m");
                    p.output("y", p.column("x", FLOAT32));
                }),
                broken("a parameter whose size only a column knows", PlanCheck.UNKNOWN, p -> {
                    p.column("x", FLOAT32, "n");
                    p.output("y", p.slot(Scope.PARAMETER, FLOAT32, Shape.of(N)));
                }),
                broken("a constant of unknown size", PlanCheck.UNKNOWN, p -> {
                    p.column("x", FLOAT32, "n");
                    p.output("y", p.slot(Scope.CONSTANT, FLOAT32, Shape.of(N)));
                }),
                broken("an equality of unknown dims that no input has", PlanCheck.UNKNOWN, p -> {
                    p.equal("m", 3, "x + y");
                    p.output("y", p.column("x", FLOAT32));
                }),
                broken("two inputs of one name", PlanCheck.TEXT, p -> {
                    p.column("x", FLOAT32);
                    p.output("y", p.column("x", FLOAT32));
                }),
                broken("one digest of two constants", PlanCheck.TEXT, p -> {
                    Operand w = p.constant(HostTensor.of(new float[] {1, 2}));
                    p.constant(HostTensor.of(new float[] {1, 2}), Shape.of(2, 1));
                    p.output("y", w);
                }),
                broken("two outputs of one name", PlanCheck.TEXT, p -> {
                    Operand x = p.column("x", FLOAT32);
                    p.output("y", x);
                    p.output("y", x);
                }));
    }

    private static List<Broken> brokenScopesAndOrder() {
        return List.of(
                broken("a row written once per task", PlanCheck.SCOPE, p -> {
                    Operand w = p.constant(HostTensor.of(new float[] {1, 2}));
                    Operand y = p.row(FLOAT32, 2);
                    p.once(new CopyStep(w, y));
                    p.output("y", y);
                }),
                broken("a constant computed from a parameter", PlanCheck.SCOPE, p -> {
                    Operand w = p.parameter("w", FLOAT32, 2);
                    Operand y = p.slot(Scope.CONSTANT, FLOAT32, Shape.of(2));
                    p.once(new CopyStep(w, y));
                    p.output("y", y);
                }),
                broken("a parameter written for every row", PlanCheck.SCOPE, p -> {
                    Operand x = p.column("x", FLOAT32, 2);
                    Operand y = p.slot(Scope.PARAMETER, FLOAT32, Shape.of(2));
                    p.perRow(new CopyStep(x, y));
                    p.output("y", y);
                }),
                broken("rows reduced into a row", PlanCheck.SCOPE, p -> {
                    Operand x = p.column("x", FLOAT32, 2);
                    Operand y = p.row(FLOAT32, 2);
                    p.perRow(new ReduceRowsStep(ReduceOp.SUM, x, y));
                    p.output("y", y);
                }),
                broken("rows reduced once per task", PlanCheck.SCOPE, p -> {
                    Operand w = p.parameter("w", FLOAT32, 2);
                    Operand y = p.slot(Scope.ACCUMULATOR, FLOAT32, Shape.of(2));
                    p.once(new ReduceRowsStep(ReduceOp.SUM, w, y));
                    p.output("y", y);
                }),
                broken("an accumulator read before all rows are reduced", PlanCheck.SCOPE, p -> {
                    Operand sum = accumulated(p);
                    Operand y = p.row(FLOAT32, 2);
                    p.perRow(new CopyStep(sum, y));
                    p.output("y", y);
                }),
                broken("an accumulator of two reductions", PlanCheck.SCOPE, p -> {
                    Operand x = p.column("x", FLOAT32, 2);
                    Operand sum = p.slot(Scope.ACCUMULATOR, FLOAT32, Shape.of(2));
                    p.perRow(new ReduceRowsStep(ReduceOp.SUM, x, sum));
                    p.perRow(new ReduceRowsStep(ReduceOp.MAX, x, sum));
                    p.output("y", sum);
                }),
                broken("a slot read before it is written", PlanCheck.ORDER, p -> {
                    Operand early = p.row(FLOAT32);
                    Operand y = p.row(FLOAT32);
                    p.perRow(new CopyStep(early, y));
                    p.output("y", y);
                }),
                broken("an output that is never written", PlanCheck.ORDER, p -> p.output("y", p.row(FLOAT32))),
                broken("an input written over", PlanCheck.ORDER, p -> {
                    Operand x = p.column("x", FLOAT32);
                    p.perRow(new RowProgramStep(negative(), List.of(), Dim.ONE, List.of(line(x)), List.of(line(x))));
                    p.output("y", x);
                }));
    }

    private static Operand accumulated(PlanBuilder plan) {
        Operand sum = plan.slot(Scope.ACCUMULATOR, FLOAT32, Shape.of(2));
        plan.perRow(new ReduceRowsStep(ReduceOp.SUM, plan.column("x", FLOAT32, 2), sum));
        return sum;
    }

    private static List<Broken> brokenTypes() {
        return List.of(
                broken("an output of another dtype than its slot", PlanCheck.DTYPE, p -> {
                    Operand x = p.column("x", FLOAT32);
                    p.output("y", new TensorType(FLOAT64, Shape.SCALAR), x);
                }),
                broken("a copy to another dtype", PlanCheck.DTYPE, p -> {
                    Operand y = p.row(FLOAT64, 2);
                    p.perRow(new CopyStep(p.column("x", FLOAT32, 2), y));
                    p.output("y", y);
                }),
                broken("a product of bools", PlanCheck.DTYPE, p -> product(p, BOOL, null)),
                broken("a product of two dtypes", PlanCheck.DTYPE, p -> {
                    Operand y = p.row(FLOAT32, 1, 1);
                    p.perRow(new GemmStep(p.column("a", FLOAT32, 1, 1), p.column("b", FLOAT64, 1, 1), null, null, y));
                    p.output("y", y);
                }),
                broken("an activation of two arguments", PlanCheck.DTYPE, p -> product(p, FLOAT32, ScalarOp.ADD)),
                broken("an activation to another dtype", PlanCheck.DTYPE, p -> product(p, FLOAT32, ScalarOp.IS_NAN)),
                broken("a syrk of integers", PlanCheck.DTYPE, p -> {
                    Operand y = p.row(INT32, 2, 2);
                    p.perRow(new SyrkStep(p.column("x", INT32, 2, 3), y));
                    p.output("y", y);
                }),
                broken("indices that are floats", PlanCheck.DTYPE, p -> {
                    Operand y = p.row(FLOAT32, 2);
                    p.perRow(new GatherStep(p.column("x", FLOAT32, 4), p.column("i", FLOAT32, 2), 0, y));
                    p.output("y", y);
                }),
                broken("running sums of bools", PlanCheck.DTYPE, p -> {
                    Operand y = p.row(BOOL, 4);
                    p.perRow(new CumulativeSumStep(p.column("x", BOOL, 4), 0, y));
                    p.output("y", y);
                }),
                broken("positions of the largest as int32", PlanCheck.DTYPE, p -> {
                    Operand y = p.row(FLOAT32, 2);
                    p.perRow(new TopKStep(p.column("x", FLOAT32, 4), y, p.row(INT32, 2)));
                    p.output("y", y);
                }),
                broken("the mean of rows", PlanCheck.DTYPE, p -> {
                    Operand y = p.slot(Scope.ACCUMULATOR, FLOAT32, Shape.of(2));
                    p.perRow(new ReduceRowsStep(ReduceOp.MEAN, p.column("x", FLOAT32, 2), y));
                    p.output("y", y);
                }));
    }

    private static List<Broken> brokenPrograms() {
        return List.of(
                broken(
                        "an instruction that reads a later value",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> {
                            b.vector(FLOAT32);
                            return b.returning(b.map(ScalarOp.NEGATIVE, 1));
                        })),
                broken(
                        "an instruction that reads a negative value",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> {
                            b.vector(FLOAT32);
                            return b.returning(b.map(ScalarOp.NEGATIVE, -1));
                        })),
                broken(
                        "a program whose arguments have two dtypes",
                        PlanCheck.PROGRAM,
                        p -> program(
                                p, b -> b.returning(b.map(ScalarOp.ADD, b.vector(FLOAT32), b.immediate(FLOAT64, 1))))),
                broken(
                        "a function with too many arguments",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> {
                            int x = b.vector(FLOAT32);
                            return b.returning(b.map(ScalarOp.NEGATIVE, x, x));
                        })),
                broken(
                        "a condition that is no bool",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> {
                            int x = b.vector(FLOAT32);
                            return b.returning(b.map(ScalarOp.WHERE, x, x, x));
                        })));
    }

    private static List<Broken> brokenOperandsOfPrograms() {
        return List.of(
                broken(
                        "a reduction of a scalar",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> {
                            int x = b.vector(FLOAT32);
                            return b.returning(b.map(ScalarOp.ADD, x, b.reduce(ReduceOp.SUM, b.immediate(FLOAT32, 1))));
                        })),
                broken(
                        "a bool that is 2",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> {
                            int x = b.vector(FLOAT32);
                            return b.returning(b.map(ScalarOp.WHERE, b.immediate(BOOL, 2), x, x));
                        })),
                broken(
                        "a conversion to what is only stored",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> b.returning(b.convert(DType.INT8, b.vector(FLOAT32))))),
                broken(
                        "a program that loads an input that is not there",
                        PlanCheck.PROGRAM,
                        p -> program(
                                p,
                                b -> new RowProgram(
                                        List.of(new RowProgram.Input(FLOAT32, true)),
                                        List.of(new RowProgram.Load(1)),
                                        List.of(0)))),
                broken(
                        "a program whose output is no value",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> {
                            b.vector(FLOAT32);
                            return b.returning(1);
                        })),
                broken(
                        "a program of two outputs in a step of one",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> {
                            int x = b.vector(FLOAT32);
                            return b.returning(x, x);
                        })),
                broken(
                        "a scalar written along the axis",
                        PlanCheck.PROGRAM,
                        p -> program(p, b -> b.returning(b.reduce(ReduceOp.SUM, b.vector(FLOAT32))))));
    }

    private static void product(PlanBuilder plan, DType dtype, ScalarOp activation) {
        Operand y = plan.row(dtype, 1, 1);
        plan.perRow(new GemmStep(plan.column("a", dtype, 1, 2), plan.column("b", dtype, 2, 1), null, activation, y));
        plan.output("y", y);
    }

    private static void program(PlanBuilder plan, Function<ProgramBuilder, RowProgram> program) {
        Operand x = plan.column("x", FLOAT32, 4);
        Operand y = plan.row(FLOAT32, 4);
        plan.perRow(
                new RowProgramStep(program.apply(new ProgramBuilder()), List.of(), Dim.of(4), List.of(x), List.of(y)));
        plan.output("y", y);
    }

    static RowProgram negative() {
        ProgramBuilder program = new ProgramBuilder();
        return program.returning(program.map(ScalarOp.NEGATIVE, program.vector(FLOAT32)));
    }

    /** A scalar as a vector of one element. */
    static Operand line(Operand scalar) {
        return view(scalar, 0, dims(1), dims(1));
    }
}
