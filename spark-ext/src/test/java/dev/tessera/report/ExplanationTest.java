package dev.tessera.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.compile.CompiledGraph;
import dev.tessera.compile.PlanCompiler;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final ExecutionPlan EMPTY_PLAN =
            new ExecutionPlan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    private static String explain(Graph graph) {
        return Explanation.of(graph, graph, EMPTY_PLAN);
    }

    private static String compiled(Graph graph) {
        CompiledGraph compiled = PlanCompiler.compile(graph);
        return Explanation.of(compiled.source(), compiled.rewritten(), compiled.plan());
    }

    @Test
    void everyValueHasALineWithItsTypeAndWhatComputesIt() {
        assertThat(explain(SampleGraphs.dense()).lines())
                .startsWith(
                        "graph as written, 5 ops",
                        "  v0  float32[4]     variable x",
                        "  v1  float32[1, 4]  dimshuffle(v0, ('x', 0))",
                        "  v2  float32[4, 3]  constant of 48 bytes",
                        "  v3  float32[1, 3]  v1 @ v2",
                        "  v4  float32[3]     dimshuffle(v3, (1))",
                        "  v5  float32[3]     constant of 12 bytes",
                        "  v6  float32[3]     v4 + v5",
                        "  v7  float32[3]     relu(v6)",
                        "  output y = v7");
    }

    @Test
    void opsOfTwoOutputsParametersAndNumbersAreNamed() {
        assertThat(explain(SampleGraphs.topTwo()))
                .contains("variable scores", "parameter temperature", "constant 0.5")
                .containsPattern("v\\d+, v\\d+  float32\\[2\\], int64\\[2\\]  +topk\\(v\\d+, 2, axis=0\\)")
                .containsPattern("output values = v\\d+\n  output positions = v\\d+");
    }

    @Test
    void sharedValuesAreListedOnce() {
        String text = explain(SampleGraphs.doublings(64));

        assertThat(text.lines().filter(line -> line.contains(" + ")).count()).isEqualTo(2 * 64);
    }

    @Test
    void graphBeforeAndAfterRewritingAndThePlanAreShown() {
        String text = compiled(SampleGraphs.dense());

        assertThat(text).containsSubsequence("graph as written", "graph after rewriting", "gemm(", "plan, ", "slots");
        // x is 4 floats, the product 3: what a row takes.
        assertThat(text).contains("plan, 28 bytes per row at its peak");
        assertThat(text)
                .containsPattern("s\\d+ +row +float32  4 elements, 16 bytes per row  x\n")
                .containsPattern("s\\d+ +constant +float32  12 elements, 48 bytes  constant float32\\[4, 3\\], sha256 ")
                .containsPattern("steps once per batch\n  0  s\\d+\\[1, 3\\] = gemm relu\\(s\\d+\\[1, 4\\] @ ")
                .containsPattern("outputs\n  y float32\\[3\\] = s\\d+\\[3\\]\n");
    }

    @Test
    void bytesPerRowAreAnExpressionOfTheDims() {
        Tensor x = Tensors.variable("x", DType.FLOAT64, Dim.named("n"));

        String text = compiled(Graph.of("y", x.exp()));

        assertThat(text).containsPattern("plan, \\d+\\*n bytes per row").contains("n elements, 8*n bytes per row");
    }

    @Test
    void rowProgramsHaveALinePerInstruction() {
        Tensor x = SampleGraphs.x();

        assertThat(compiled(Graph.of("y", x.softmax())).lines())
                .anyMatch(line -> line.matches(" +0 +s\\d+\\[4\\] = reduce\\(s\\d+\\[4\\]\\) along 4 \\{"))
                .anyMatch(line -> line.matches(" +%\\d+ = exp %\\d+"));
    }

    @Test
    void longGraphsAreCutInTheMiddle() {
        String text = explain(SampleGraphs.doublings(100_000));

        assertThat(text.lines().count()).isLessThan(3L * TextListing.MAX_LINES);
        // The variable, the ops and the output, less what is shown.
        assertThat(text).contains("… " + (100_002 - TextListing.MAX_LINES) + " more lines …");
        assertThat(text).contains("variable x", "output y = v100000");
    }

    @Test
    void longLinesAreCut() {
        Tensor[] parts = new Tensor[5000];
        Arrays.fill(parts, SampleGraphs.x());

        String text = explain(Graph.of("y", Tensors.concat(List.of(parts), 0)));

        assertThat(text.lines()).allMatch(line -> line.length() <= TextListing.MAX_LINE_LENGTH + 2);
    }

    @Test
    void namesCannotForgeLines() {
        Tensor x = Tensors.variable("a\noutput b = v1 '\\", DType.INT64);

        assertThat(explain(Graph.of("y", x)).lines())
                .contains("  v0  int64[]  variable 'a\\u000aoutput b = v1 \\'\\\\'");
    }

    @Test
    void aCutNeverSplitsACharacter() {
        assertThat(TextListing.cut("ab😀cd", 4)).isEqualTo("ab…");
        assertThat(TextListing.cut("ab😀cd", 6)).isEqualTo("ab😀cd");
    }
}
