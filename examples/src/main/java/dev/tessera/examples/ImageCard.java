package dev.tessera.examples;

import dev.tessera.report.Markup;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A scored image as a piece of a page: the image, what it is, and the most probable classes. */
final class ImageCard {
    private static final int SHOWN_CLASSES = 3;

    private ImageCard() {}

    static String of(ScoredImage scored, FashionMnist images) {
        StringBuilder html = new StringBuilder("<div class=\"card\">\n");
        html.append("<img alt=\"image %d\" src=\"%s\">\n".formatted(scored.image(), png(scored.image(), images)));
        html.append("<div><b>%s</b> <small>(image %d)</small></div>\n"
                .formatted(Markup.escape(FashionMnist.CLASSES.get(scored.label())), scored.image()));
        for (int label : mostProbable(scored.probabilities())) {
            html.append(bar(label, scored));
        }
        return html.append("</div>\n").toString();
    }

    private static List<Integer> mostProbable(List<Float> probabilities) {
        return IntStream.range(0, probabilities.size())
                .boxed()
                .sorted(Comparator.comparing(probabilities::get).reversed())
                .limit(SHOWN_CLASSES)
                .toList();
    }

    private static String bar(int label, ScoredImage scored) {
        double percent = 100.0 * scored.probabilities().get(label);
        String colour = label == scored.label() ? "#93b4f5" : "#f0b48f";
        return String.format(
                Locale.ROOT,
                "<div style=\"background: linear-gradient(to right, %s %.1f%%, #eef0f4 %.1f%%); margin-top: 2px;"
                        + " padding: 0 4px\"><small>%s %.1f %%</small></div>%n",
                colour,
                percent,
                percent,
                Markup.escape(FashionMnist.CLASSES.get(label)),
                percent);
    }

    private static String png(int image, FashionMnist images) {
        BufferedImage picture = new BufferedImage(FashionMnist.SIDE, FashionMnist.SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < FashionMnist.PIXELS; i++) {
            int grey = images.pixel(image, i);
            picture.getRaster().setSample(i % FashionMnist.SIDE, i / FashionMnist.SIDE, 0, grey);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(picture, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
