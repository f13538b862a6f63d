package dev.tessera.examples;

import dev.tessera.expr.Apply;
import dev.tessera.expr.ExpressionText;
import dev.tessera.expr.Op;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The tables of ops in README.md: made from the enums and records that every evaluator covers. */
final class OpTable {
    private static final String ELEMENTWISE_HEAD = """
        | text | computes in | float32 | float64 | CPU | simulated GPU |
        |---|---|---|---|---|---|
        """;
    private static final String OTHER_HEAD = """
        | text | error of a float result | CPU | simulated GPU |
        |---|---|---|---|
        """;

    private OpTable() {}

    static String elementwise() {
        StringBuilder table = new StringBuilder(ELEMENTWISE_HEAD);
        for (ScalarOp op : ScalarOp.values()) {
            ScalarOp.Accuracy accuracy = op.accuracy();
            table.append("| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            text(op),
                            dtypes(op.rule()),
                            ulps(accuracy.ulpsFloat32()),
                            ulps(accuracy.ulpsFloat64()),
                            SeenDifferences.cells(op + " of ")));
        }
        table.append(
                "| `cast(x, float32)` | any | 0.5 ulp | 0.5 ulp | %s |\n".formatted(SeenDifferences.cells("cast of ")));
        return table.append("| `clip(x, 0, 1)` | any | exact | exact | %s |\n".formatted(SeenDifferences.cells("clip")))
                .toString();
    }

    private static String text(ScalarOp op) {
        DType dtype = op.rule() == ScalarOp.Rule.LOGICAL ? DType.BOOL : DType.FLOAT64;
        List<Tensor> arguments = new ArrayList<>();
        for (int i = 0; i < op.arity(); i++) {
            boolean isCondition = op == ScalarOp.WHERE && i == 0;
            arguments.add(Tensors.variable("x" + i, isCondition ? DType.BOOL : dtype));
        }
        List<String> names = op == ScalarOp.WHERE ? List.of("condition", "x", "y") : List.of("x", "y");
        Apply apply = Apply.of(new Op.Elementwise(op), arguments);
        // A bar would end the cell.
        return ExpressionText.of(apply, names.subList(0, op.arity())).replace("|", "\\|");
    }

    private static String dtypes(ScalarOp.Rule rule) {
        return switch (rule) {
            case ANY -> "any";
            case NUMBER -> "numbers";
            case FLOATING -> "floats";
            case LOGICAL -> "bool";
            case PREDICATE -> "any, gives bool";
        };
    }

    private static String ulps(double ulps) {
        if (ulps == 0) {
            return "exact";
        }
        return (ulps == Math.rint(ulps) ? Long.toString((long) ulps) : Double.toString(ulps)) + " ulp";
    }

    static String other() {
        StringBuilder table = new StringBuilder(OTHER_HEAD);
        for (Reduction reduction : Reduction.values()) {
            table.append("| `%s(x, axis=0, keepdims=True)` | %s | %s |\n"
                    .formatted(
                            reduction.toString().toLowerCase(Locale.ROOT),
                            bound(reduction),
                            SeenDifferences.cells("word " + reduction)));
        }
        for (Op op : kinds()) {
            table.append(op.accept(new Rows()));
        }
        return table.toString();
    }

    private static String bound(Reduction reduction) {
        return switch (reduction) {
            case SUM -> "n·u·Σ\\|x\\|";
            case PROD -> "2·n·u·Π\\|x\\|";
            case MEAN -> "u·Σ\\|x\\|";
            case MAX, MIN, ANY, ALL, ARGMAX, ARGMIN -> "exact";
            case LOGSUMEXP -> "that of `log(sum(exp(x - max(x)))) + max(x)`";
            case NORM -> "that of `sqrt(sum(x * x))`";
            case VAR -> "that of `mean((x - mean(x)) ** 2)`";
            case STD -> "that of `sqrt(var(x))`";
        };
    }

    /** One of each kind. */
    static List<Op> kinds() {
        return List.of(
                new Op.MatMul(),
                new Op.Softmax(0, false),
                new Op.LogSumExp(List.of(0), false),
                new Op.CumulativeSum(0),
                new Op.TopK(1, 0),
                new Op.Take(0),
                new Op.Reshape(Shape.of(1)),
                new Op.DimShuffle(List.of(0)),
                new Op.BroadcastTo(Shape.of(1)),
                new Op.Slice(List.of(new Op.Slice.Range(Dim.ZERO, Dim.ONE, 1))),
                new Op.Diagonal(0, 0, 1),
                new Op.Concat(0),
                new Op.Pad(List.of(0L), List.of(0L)),
                new Op.Elementwise(ScalarOp.ADD),
                new Op.Cast(DType.FLOAT32),
                new Op.Reduce(ReduceOp.SUM, List.of(0), false),
                new Op.Gemm(false, null),
                new Op.Syrk(),
                new Op.Fused(new RowProgram(List.of(), List.of(), List.of())));
    }

    /** The rows of a kind of op that a user writes; none for those listed already, and for those that rewrites make. */
    private static final class Rows implements Op.Visitor<String> {
        private static final String EXACT = "exact";

        /** Rows of one bound; {@code seen} starts the names of their rows in the conformance table. */
        private static String rows(String bound, String seen, String... texts) {
            StringBuilder rows = new StringBuilder();
            String cells = SeenDifferences.cells(seen);
            Arrays.stream(texts).forEach(text -> rows.append("| `%s` | %s | %s |\n".formatted(text, bound, cells)));
            return rows.toString();
        }

        @Override
        public String visit(Op.MatMul op) {
            return rows(
                    "2·n·u·Σ\\|a·b\\|",
                    "matmul ",
                    "x @ w",
                    "dot(x, w)",
                    "matmul(x, w)",
                    "outer(x, y)",
                    "einsum('ij,jk->ik', x, w)");
        }

        @Override
        public String visit(Op.Softmax op) {
            return rows("that of `exp(x - max(x)) / sum(exp(x - max(x)))`", "softmax of ", "softmax(x, axis=-1)")
                    + rows("that of `x - logsumexp(x)`", "log_softmax of ", "log_softmax(x, axis=-1)")
                    + rows(
                            "that of `(x - mean(x)) / sqrt(var(x) + 1e-5) * gain + bias`",
                            "layer_norm",
                            "layer_norm(x, gain, bias)");
        }

        @Override
        public String visit(Op.LogSumExp op) {
            return "";
        }

        @Override
        public String visit(Op.CumulativeSum op) {
            return rows("as `sum`", "cumsum of ", "cumsum(x, axis=0)");
        }

        @Override
        public String visit(Op.TopK op) {
            return rows(EXACT, "topk of ", "topk(x, 2, axis=0)");
        }

        @Override
        public String visit(Op.Take op) {
            return rows(EXACT, "take", "take(x, indices, axis=0)") + rows(EXACT, "one_hot", "one_hot(indices, 10)");
        }

        @Override
        public String visit(Op.Reshape op) {
            return rows(EXACT, "reshape", "reshape(x, (3, 2))", "flatten(x)");
        }

        @Override
        public String visit(Op.DimShuffle op) {
            return rows(EXACT, "dimshuffle", "transpose(x, (1, 0))", "squeeze(z, axis=0)", "expand_dims(x, axis=0)");
        }

        @Override
        public String visit(Op.BroadcastTo op) {
            return rows(EXACT, "broadcast and tile", "broadcast_to(z, (2, 3))", "tile(x, (2, 3))");
        }

        @Override
        public String visit(Op.Slice op) {
            return rows(EXACT, "slice", "x[:, 1:-1]", "x[::2]");
        }

        @Override
        public String visit(Op.Diagonal op) {
            return rows(EXACT, "diagonal", "diagonal(x)") + rows("as `sum`", "diagonal", "trace(x)");
        }

        @Override
        public String visit(Op.Concat op) {
            return rows(EXACT, "concat and stack", "concatenate((x, y), axis=0)", "stack((x, y), axis=0)");
        }

        @Override
        public String visit(Op.Pad op) {
            return rows(EXACT, "pad", "pad(x, ((1, 1), (0, 2)))");
        }

        @Override
        public String visit(Op.Elementwise op) {
            return "";
        }

        @Override
        public String visit(Op.Cast op) {
            return "";
        }

        @Override
        public String visit(Op.Reduce op) {
            return "";
        }

        @Override
        public String visit(Op.Gemm op) {
            return "";
        }

        @Override
        public String visit(Op.Syrk op) {
            return "";
        }

        @Override
        public String visit(Op.Fused op) {
            return "";
        }
    }
}
