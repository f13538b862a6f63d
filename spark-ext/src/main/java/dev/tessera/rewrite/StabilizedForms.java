package dev.tessera.rewrite;

import java.util.List;

/**
 * What rewrites replace by a form that is finite or precise where the steps that were written are not: the one list of them,
 * which the documentation shows.
 */
public final class StabilizedForms {
    private static final String HEAD = """
        | written | computed as | where the steps written give something else |
        |---|---|---|
        """;

    private static final List<Form> FORMS = List.of(
            new Form(
                    "log(softmax(x))",
                    "log_softmax(x)",
                    "-infinity where a probability underflows",
                    "LogOfSoftmaxToLogSoftmax"),
            new Form(
                    "log(sum(exp(x)))",
                    "logsumexp(x)",
                    "infinite where the exponentials over- or underflow",
                    "LogOfSumOfExpToLogSumExp"),
            new Form(
                    "exp(x) / sum(exp(x), axis=-1, keepdims=True)",
                    "softmax(x, axis=-1)",
                    "NaN where the exponentials over- or underflow",
                    "ExpOverSumToSoftmax"),
            new Form("log(1 + x)", "log1p(x)", "rounds a small x away", "LogOfOnePlusToLog1p"),
            new Form("exp(x) - 1", "expm1(x)", "rounds a small x away", "ExpMinusOneToExpm1"),
            new Form(
                    "log1p(exp(x))", "softplus(x)", "infinite where the exponential overflows", "Log1pOfExpToSoftplus"),
            new Form(
                    "log(1 + exp(x))",
                    "softplus(x)",
                    "infinite where the exponential overflows",
                    "Log1pOfExpToSoftplus"),
            new Form("1 / (1 + exp(-x))", "sigmoid(x)", "0 where the exponential overflows", "ReciprocalToSigmoid"),
            new Form(
                    "log(sigmoid(x))",
                    "-softplus(-x)",
                    "-infinity where the sigmoid underflows",
                    "LogOfSigmoidToSoftplus"),
            new Form(
                    "log(1 - sigmoid(x))",
                    "-softplus(x)",
                    "-infinity where the sigmoid rounds to 1",
                    "LogOfSigmoidToSoftplus"),
            new Form(
                    "sqrt(x ** 2)",
                    "abs(x)",
                    "infinite or 0 where the square over- or underflows",
                    "SqrtOfSquareToAbs"));

    private StabilizedForms() {}

    /**
     * A stabilised form.
     *
     * @param written text of the language
     * @param computedAs text of the language, which it becomes
     * @param difference what the written steps would give, and where
     * @param rule the rule that does it, without which the steps are computed as written
     */
    public record Form(String written, String computedAs, String difference, String rule) {}

    public static List<Form> all() {
        return FORMS;
    }

    /** The forms as a table in Markdown. */
    public static String markdown() {
        StringBuilder table = new StringBuilder(HEAD);
        for (Form form : FORMS) {
            table.append("| `%s` | `%s` | %s |\n".formatted(form.written(), form.computedAs(), form.difference()));
        }
        return table.toString();
    }
}
