package dev.tessera.plan;

import static dev.tessera.plan.SamplePlans.dims;
import static dev.tessera.plan.SamplePlans.view;
import static dev.tessera.tensor.DType.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanVerifierTest {
    private static final Dim N = Dim.named("n");

    static List<BrokenPlans.Broken> brokenForAllSizes() {
        List<BrokenPlans.Broken> all = new ArrayList<>(BrokenPlans.all());
        all.addAll(BrokenShapes.all());
        return all;
    }

    @ParameterizedTest
    @MethodSource("brokenForAllSizes")
    void planThatCanRunWithNoSizesIsRefused(BrokenPlans.Broken broken) {
        PlanBuilder builder = new PlanBuilder();
        broken.plan().accept(builder);
        ExecutionPlan plan = builder.build();

        PlanFormatException refusal = catchThrowableOfType(PlanFormatException.class, () -> PlanVerifier.verify(plan));

        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.check()).as(refusal.getMessage()).isEqualTo(broken.check());
        assertThat(refusal).hasMessageStartingWith("Cannot run plan: ");
    }

    /** A plan that runs with some sizes and not with these. */
    record Unbound(String name, PlanCheck check, DimBinding binding, Consumer<PlanBuilder> plan) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Unbound> brokenForSomeSizes() {
        DimBinding three = new DimBinding(Map.of("n", 3L));
        DimBinding none = new DimBinding(Map.of("n", 0L));
        return List.of(
                new Unbound("an equality that does not hold", PlanCheck.EQUALITY, three, p -> {
                    p.output("y", p.column("x", FLOAT32, "n"));
                    p.equal("n", 4, "x + y");
                }),
                new Unbound(
                        "a slice past the end",
                        PlanCheck.BOUNDS,
                        three,
                        p -> p.output("y", view(p.column("x", FLOAT32, "n"), 2, dims(2), dims(1)))),
                new Unbound("a maximum of nothing", PlanCheck.EMPTY, none, p -> {
                    Operand y = p.row(FLOAT32);
                    ProgramBuilder b = new ProgramBuilder();
                    RowProgram max = b.returning(b.reduce(ReduceOp.MAX, b.vector(FLOAT32)));
                    p.perRow(new RowProgramStep(max, List.of(), N, List.of(p.column("x", FLOAT32, "n")), List.of(y)));
                    p.output("y", y);
                }),
                new Unbound("a size that is negative", PlanCheck.SHAPE, none, p -> {
                    p.row(FLOAT32, N.plus(-1));
                    p.output("y", p.column("x", FLOAT32, "n"));
                }),
                new Unbound(
                        "an unknown that is negative",
                        PlanCheck.SHAPE,
                        new DimBinding(Map.of("n", -1L)),
                        p -> p.output("y", p.column("x", FLOAT32, "n"))),
                new Unbound(
                        "an unknown that is not bound",
                        PlanCheck.DIM,
                        DimBinding.EMPTY,
                        p -> p.output("y", p.column("x", FLOAT32, "n"))),
                new Unbound("what is written meeting what is read", PlanCheck.OVERLAP, three, p -> {
                    Operand y = p.row(FLOAT32, N.times(2));
                    p.column("x", FLOAT32, "n");
                    p.perRow(new CopyStep(p.column("z", FLOAT32, N.times(2)), y));
                    p.perRow(new CopyStep(view(y, 0, List.of(N), dims(1)), view(y, 2, List.of(N), dims(1))));
                    p.output("y", y);
                }),
                new Unbound(
                        "more bytes than the limit",
                        PlanCheck.BUDGET,
                        new DimBinding(Map.of("n", 300L)),
                        p -> p.output("y", p.column("x", FLOAT32, "n"))),
                new Unbound("more work than the limit", PlanCheck.BUDGET, new DimBinding(Map.of("n", 40L)), p -> {
                    Operand x = p.column("x", FLOAT32, "n");
                    Operand y = p.row(FLOAT32);
                    Operand row = view(x, 0, List.of(Dim.ONE, N), dims(0, 1));
                    Operand column = view(x, 0, List.of(N, Dim.ONE), dims(1, 0));
                    for (int i = 0; i < 30; i++) {
                        p.perRow(new GemmStep(row, column, null, null, view(y, 0, dims(1, 1), dims(1, 1))));
                    }
                    p.output("y", y);
                }));
    }

    @ParameterizedTest
    @MethodSource("brokenForSomeSizes")
    void planThatCannotRunWithTheseSizesIsRefused(Unbound broken) {
        PlanBuilder builder = new PlanBuilder();
        broken.plan().accept(builder);
        ExecutionPlan plan = builder.build();
        RunLimits limits = new RunLimits(1000, 1000, 1000, 1000);

        assertThatCode(() -> PlanVerifier.verify(plan)).doesNotThrowAnyException();
        PlanBindingException refusal = catchThrowableOfType(
                PlanBindingException.class, () -> PlanVerifier.verifyBound(plan, broken.binding(), limits));

        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.check()).as(refusal.getMessage()).isEqualTo(broken.check());
        assertThat(refusal).hasMessageStartingWith("Cannot run plan with " + broken.binding());
    }

    @Test
    void everyCheckOfWhatMayRunHasARow() {
        Set<PlanCheck> covered = EnumSet.noneOf(PlanCheck.class);
        brokenForAllSizes().forEach(broken -> covered.add(broken.check()));
        brokenForSomeSizes().forEach(broken -> covered.add(broken.check()));

        // The rest are checks of bytes: PlanSerializerTest has those.
        assertThat(covered)
                .containsAll(EnumSet.complementOf(EnumSet.of(
                        PlanCheck.ENVELOPE, PlanCheck.DIGEST, PlanCheck.LENGTH, PlanCheck.CODE, PlanCheck.MEMORY)));
    }

    static List<SamplePlans.Sample> samples() {
        return SamplePlans.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void samplePlansRunWithAnySizesThatFitThem(SamplePlans.Sample sample) {
        for (long size : new long[] {1, 2, 33}) {
            DimBinding sizes = new DimBinding(Map.of("n", size + 1, "m", size, "k", size, "v", 2 * size));

            PlanVerifier.verify(sample.plan());
            PlanVerifier.verifyBound(sample.plan(), sizes);
        }
    }

    @Test
    void refusalShowsTheStepsAround() {
        PlanBuilder builder = new PlanBuilder();
        Operand x = builder.column("x", FLOAT32, 4);
        Operand y = builder.row(FLOAT32, 4);
        builder.perRow(new CopyStep(x, y));
        builder.perRow(new CopyStep(view(x, 3, dims(2), dims(1)), view(y, 0, dims(2), dims(1))));
        builder.output("y", y);

        assertThatCode(() -> PlanVerifier.verify(builder.build()))
                .hasMessageContaining("row step 1 (copy): elements 3 to 4 of slot 0, which has 4")
                .hasMessageContaining("\n  0 s1[4] = copy s0[4]\n> 1 s1[2] = copy");
    }

    @Test
    void mapsMayRunInPlaceAndEmptyViewsMayBeAnywhere() {
        PlanBuilder builder = new PlanBuilder();
        Operand y = BrokenShapes.filled(builder, 4);
        builder.perRow(new RowProgramStep(BrokenPlans.negative(), List.of(), Dim.of(4), List.of(y), List.of(y)));
        builder.perRow(new CopyStep(view(y, 100, dims(0), dims(1)), view(y, -5, dims(0), dims(1))));
        builder.output("y", y);

        assertThatCode(() -> PlanVerifier.verify(builder.build())).doesNotThrowAnyException();
    }
}
