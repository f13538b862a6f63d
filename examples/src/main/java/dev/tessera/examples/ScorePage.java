package dev.tessera.examples;

import dev.tessera.TensorFunction;
import dev.tessera.report.HtmlPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The page about scored images: one file that needs nothing beside it. */
final class ScorePage {
    private static final int SHOWN_IMAGES = 6;

    private final FashionMnist images;
    private final TensorFunction function;

    ScorePage(FashionMnist images, TensorFunction function) {
        this.images = images;
        this.function = function;
    }

    /** Writes the page; {@code notes} are the speed and the receipt, as they were printed. */
    void write(Path page, ConfusionMatrix matrix, Dataset<Row> scored, List<String> notes) throws IOException {
        HtmlPage html = new HtmlPage("Fashion-MNIST, scored with Tessera")
                .paragraph(matrix.accuracy() + ".")
                .heading("Confusion matrix")
                .paragraph("A row for each class, a column for what its images were taken for.")
                .figure(ConfusionPicture.of(matrix));
        cards(html, "Right", ScoredImage.right(scored, SHOWN_IMAGES));
        cards(html, "Wrong, and most certain of it", ScoredImage.wrong(scored, SHOWN_IMAGES));
        html.heading("What ran").preformatted(String.join("\n\n", notes));
        html.heading("The compiled graph").figure(function.compiledSvg());
        html.heading("The graph as it was written").figure(function.svg());
        html.heading("How it was compiled").preformatted(function.explain());
        Files.writeString(page, html.toString());
    }

    private void cards(HtmlPage html, String title, List<ScoredImage> scored) {
        html.heading(title).markup("<div class=\"cards\">\n");
        for (ScoredImage image : scored) {
            html.markup(ImageCard.of(image, images));
        }
        html.markup("</div>\n");
    }
}
