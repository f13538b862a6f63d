package dev.tessera.report;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.ExpressionText;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A graph as lines {@code v3  float32[256]  relu(v2)}: every input, constant and application once, after what it is
 * computed from, under a number that those who read it name.
 */
final class GraphLines {
    private static final int WIDEST_TYPE = 40;

    /** The numbers, the type or types, and what computes them. */
    private record Row(String values, String types, String text) {}

    private final Map<Tensor, Integer> numbers = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();

    private GraphLines() {}

    static void write(String title, Graph graph, TextListing listing) {
        GraphLines lines = new GraphLines();
        graph.variables().forEach(lines::addLeaf);
        graph.parameters().forEach(lines::addLeaf);
        List<Apply> applies = graph.toposort();
        applies.forEach(lines::add);
        graph.outputs().forEach(output -> lines.addLeaf(output.value()));
        String counted = applies.size() == 1 ? "1 op" : applies.size() + " ops";
        listing.section(title + ", " + counted, lines.text(graph.outputs()));
    }

    private void add(Apply apply) {
        apply.inputs().forEach(this::addLeaf);
        List<String> inputs = apply.inputs().stream().map(this::number).toList();
        apply.outputs().forEach(output -> numbers.put(output, numbers.size()));
        String values = apply.outputs().stream().map(this::number).collect(Collectors.joining(", "));
        String types = apply.outputs().stream().map(o -> o.type().toString()).collect(Collectors.joining(", "));
        rows.add(new Row(values, types, ExpressionText.of(apply, inputs)));
    }

    private void addLeaf(Tensor value) {
        if (!numbers.containsKey(value)) {
            numbers.put(value, numbers.size());
            rows.add(new Row(number(value), value.type().toString(), leaf(value)));
        }
    }

    private static String leaf(Tensor value) {
        if (value instanceof Variable variable) {
            return "variable " + TextListing.name(variable.name());
        }
        if (value instanceof Parameter parameter) {
            return "parameter " + TextListing.name(parameter.name());
        }
        if (value instanceof Constant constant && constant.rank() > 0) {
            return "constant of " + constant.value().sizeInBytes() + " bytes";
        }
        return "constant " + value;
    }

    private String number(Tensor value) {
        return "v" + numbers.get(value);
    }

    private List<String> text(List<Graph.Output> outputs) {
        int valueWidth = width(rows.stream().map(Row::values).toList());
        int typeWidth = width(rows.stream().map(Row::types).toList());
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            lines.add(padded(row.values(), valueWidth) + "  " + padded(row.types(), typeWidth) + "  " + row.text());
        }
        for (Graph.Output output : outputs) {
            lines.add("output " + TextListing.name(output.name()) + " = " + number(output.value()));
        }
        return lines;
    }

    private static int width(List<String> texts) {
        return texts.stream()
                .mapToInt(String::length)
                .filter(w -> w <= WIDEST_TYPE)
                .max()
                .orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
