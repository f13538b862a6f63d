package dev.tessera.examples;

import dev.tessera.report.Markup;
import java.util.Locale;

/** A {@link ConfusionMatrix} as an SVG: blue on the diagonal, red elsewhere, darker the larger the share of the class. */
final class ConfusionPicture {
    private static final int CELL = 54;
    private static final int LEFT = 120;
    private static final int TOP = 96;
    private static final int CLASSES = FashionMnist.CLASSES.size();
    private static final String RIGHT_COLOUR = "#1d4ed8";
    private static final String WRONG_COLOUR = "#c2410c";

    private ConfusionPicture() {}

    static String of(ConfusionMatrix matrix) {
        int width = LEFT + CLASSES * CELL + 60;
        int height = TOP + CLASSES * CELL + 12;
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\""
                        .formatted(width, height, width, height));
        svg.append(" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif\" font-size=\"13\">\n");
        svg.append("<title>Confusion matrix: a row for each class, a column for what it was taken for</title>\n");
        svg.append("<text x=\"%d\" y=\"16\" fill=\"#4b5565\">taken for</text>\n".formatted(LEFT));
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#4b5565\">class</text>\n"
                .formatted(LEFT - 10, TOP - 10));
        for (int i = 0; i < CLASSES; i++) {
            String name = Markup.escape(FashionMnist.CLASSES.get(i));
            int middle = i * CELL + CELL / 2;
            svg.append("<text text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>\n"
                    .formatted(LEFT - 10, TOP + middle + 5, name));
            svg.append("<text transform=\"translate(%d %d) rotate(-40)\">%s</text>\n"
                    .formatted(LEFT + middle, TOP - 10, name));
        }
        for (int label = 0; label < CLASSES; label++) {
            for (int predicted = 0; predicted < CLASSES; predicted++) {
                cell(svg, matrix, label, predicted);
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private static void cell(StringBuilder svg, ConfusionMatrix matrix, int label, int predicted) {
        long count = matrix.count(label, predicted);
        double share = count / (double) Math.max(1, matrix.total(label));
        // The square root makes the rare mistakes visible.
        double opacity = Math.sqrt(share);
        int x = LEFT + predicted * CELL;
        int y = TOP + label * CELL;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" fill-opacity=\"%.3f\""
                        + " stroke=\"#d5dae2\"/>",
                x,
                y,
                CELL,
                CELL,
                label == predicted ? RIGHT_COLOUR : WRONG_COLOUR,
                opacity));
        if (count > 0) {
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"%s\">%d</text>"
                    .formatted(x + CELL / 2, y + CELL / 2 + 5, opacity > 0.6 ? "#ffffff" : "#1f2733", count));
        }
        svg.append('\n');
    }
}
