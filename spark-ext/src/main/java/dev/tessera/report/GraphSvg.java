package dev.tessera.report;

import dev.tessera.expr.Graph;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A graph as a picture: an SVG that needs nothing beside it, whether it is a file or part of a page. Data flows from the
 * top down. Variables and parameters, constants, ops, matrix products and outputs each look their own way, and each value
 * has its type below what computes it. Of a huge graph the ops nearest to the outputs are drawn, and the picture says so.
 */
public final class GraphSvg {
    private static final double MARGIN = 24;
    private static final double BOX_HEIGHT = 40;
    private static final double LAYER_GAP = 54;
    private static final double ARROW = 7;
    private static final double LABEL_DROP = 15;
    private static final double NOTE_HEIGHT = 24;

    private final GraphDrawing drawing;
    private final StringBuilder svg = new StringBuilder();

    private GraphSvg(GraphDrawing drawing) {
        this.drawing = drawing;
    }

    /** The SVG of a graph. */
    public static String of(Graph graph) {
        GraphDrawing drawing = new GraphDrawing(graph);
        LayeredLayout.place(drawing.layers, MARGIN);
        return new GraphSvg(drawing).write();
    }

    private String write() {
        double right = drawing.layers.stream()
                .flatMap(List::stream)
                .mapToDouble(box -> box.left() + box.width)
                .max()
                .orElse(0);
        double bottom = bottom(Math.max(0, drawing.layers.size() - 1)) + (drawing.hiddenOps > 0 ? NOTE_HEIGHT : 0);
        String width = Markup.number(Math.max(right + MARGIN, 12 * MARGIN));
        String height = Markup.number(bottom + MARGIN);
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\""
                .formatted(width, height, width, height));
        add(" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif\">\n");
        add("<title>Graph of a tensor expression</title>\n");
        add("<rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n".formatted(width, height));
        add("<g fill=\"none\" stroke=\"#8a94a6\" stroke-width=\"1.3\">\n");
        drawing.edges.forEach(this::edge);
        add("</g>\n<g fill=\"#8a94a6\">\n");
        drawing.edges.forEach(edge -> arrow(edge.end().x(), top(edge.to().layer)));
        add("</g>\n<g text-anchor=\"middle\" font-size=\"13\">\n");
        drawing.layers.forEach(
                layer -> layer.stream().filter(box -> !box.isBend()).forEach(this::box));
        add("</g>\n<g text-anchor=\"middle\" font-size=\"11\" fill=\"#4b5565\" stroke=\"#ffffff\" stroke-width=\"4\"");
        add(" stroke-linejoin=\"round\" paint-order=\"stroke\">\n");
        labels();
        add("</g>\n");
        if (drawing.hiddenOps > 0) {
            add("<text x=\"%s\" y=\"%s\" font-size=\"12\" fill=\"#4b5565\">%d more ops are not drawn</text>\n"
                    .formatted(Markup.number(MARGIN), Markup.number(bottom), drawing.hiddenOps));
        }
        return svg.append("</svg>\n").toString();
    }

    private void add(String text) {
        svg.append(text);
    }

    private static double top(int layer) {
        return MARGIN + layer * (BOX_HEIGHT + LAYER_GAP);
    }

    private static double bottom(int layer) {
        return top(layer) + BOX_HEIGHT;
    }

    private void edge(GraphDrawing.Edge edge) {
        double x = edge.start().x();
        double y = bottom(edge.from().layer);
        add("<path d=\"M" + point(x, y));
        for (Box bend : edge.bends()) {
            curve(x, y, bend.center, top(bend.layer));
            x = bend.center;
            y = bottom(bend.layer);
            add(" L" + point(x, y));
        }
        curve(x, y, edge.end().x(), top(edge.to().layer) - ARROW + 1);
        add("\"/>\n");
    }

    private void curve(double x, double y, double toX, double toY) {
        double middle = (y + toY) / 2;
        add(" C" + point(x, middle) + " " + point(toX, middle) + " " + point(toX, toY));
    }

    private void arrow(double x, double y) {
        double half = ARROW / 2;
        add("<path d=\"M" + point(x, y) + " L" + point(x - half, y - ARROW) + " L" + point(x + half, y - ARROW));
        add(" Z\"/>\n");
    }

    private static String point(double x, double y) {
        return Markup.number(x) + "," + Markup.number(y);
    }

    private void box(Box box) {
        String radius = Markup.number(radius(box.kind));
        add("<g><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\" %s/>"
                .formatted(
                        Markup.number(box.left()),
                        Markup.number(top(box.layer)),
                        Markup.number(box.width),
                        Markup.number(BOX_HEIGHT),
                        radius,
                        look(box.kind)));
        boolean isAlone = box.detail.isEmpty();
        double middle = top(box.layer) + BOX_HEIGHT / 2;
        text(box.center, middle + (isAlone ? 4.5 : -1.5), box.title, " font-weight=\"600\" fill=\"#1f2733\"");
        if (!isAlone) {
            text(box.center, middle + 13, box.detail, " font-size=\"11\" fill=\"#4b5565\"");
        }
        add("</g>\n");
    }

    private static double radius(Box.Kind kind) {
        return switch (kind) {
            case VARIABLE, PARAMETER, OUTPUT -> BOX_HEIGHT / 2;
            case CONSTANT, CUT, BEND -> 2;
            case OP, PRODUCT -> 7;
        };
    }

    private static String look(Box.Kind kind) {
        return switch (kind) {
            case VARIABLE -> "fill=\"#dbeafe\" stroke=\"#2563eb\"";
            case PARAMETER -> "fill=\"#fef0cd\" stroke=\"#b7791f\"";
            case CONSTANT -> "fill=\"#eef0f4\" stroke=\"#8a94a6\"";
            case OP -> "fill=\"#ffffff\" stroke=\"#475569\"";
            case PRODUCT -> "fill=\"#ede9fe\" stroke=\"#6d28d9\"";
            case OUTPUT -> "fill=\"#d8f3e3\" stroke=\"#15803d\"";
            case CUT, BEND -> "fill=\"#ffffff\" stroke=\"#8a94a6\" stroke-dasharray=\"4 3\"";
        };
    }

    /** One label for all edges of a value: its type. */
    private void labels() {
        Set<String> done = new HashSet<>();
        for (GraphDrawing.Edge edge : drawing.edges) {
            double x = edge.start().x();
            double y = bottom(edge.from().layer) + LABEL_DROP;
            if (!edge.type().isEmpty() && done.add(point(x, y))) {
                text(x, y, edge.type(), "");
            }
        }
    }

    private void text(double x, double y, String text, String attributes) {
        add("<text x=\"%s\" y=\"%s\"%s>%s</text>"
                .formatted(Markup.number(x), Markup.number(y), attributes, Markup.escape(text)));
    }
}
