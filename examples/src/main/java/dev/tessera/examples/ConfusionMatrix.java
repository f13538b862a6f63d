package dev.tessera.examples;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How often images of each class (rows) were taken for each class (columns). Immutable. */
final class ConfusionMatrix {
    private static final int CLASSES = FashionMnist.CLASSES.size();
    private static final int NAME_WIDTH = 10;

    private final long[][] counts = new long[CLASSES][CLASSES];

    /** Counts scored rows by their columns {@code label} and {@code predicted}. */
    static ConfusionMatrix of(Dataset<Row> scored) {
        ConfusionMatrix matrix = new ConfusionMatrix();
        for (Row row : scored.groupBy("label", "predicted").count().collectAsList()) {
            matrix.counts[row.getInt(0)][row.getInt(1)] = row.getLong(2);
        }
        return matrix;
    }

    long count(int label, int predicted) {
        return counts[label][predicted];
    }

    long total() {
        long total = 0;
        for (int label = 0; label < CLASSES; label++) {
            total += total(label);
        }
        return total;
    }

    /** How many images of a class there are. */
    long total(int label) {
        long total = 0;
        for (long count : counts[label]) {
            total += count;
        }
        return total;
    }

    long correct() {
        long correct = 0;
        for (int label = 0; label < CLASSES; label++) {
            correct += counts[label][label];
        }
        return correct;
    }

    /** "8,939 of 10,000 correct, accuracy 0.8939". */
    String accuracy() {
        return String.format(
                Locale.ROOT,
                "%,d of %,d correct, accuracy %.4f",
                correct(),
                total(),
                total() == 0 ? Double.NaN : (double) correct() / total());
    }

    /** A table, a line for each class. */
    @Override
    public String toString() {
        int width = Math.max(9, 2 + String.valueOf(total()).length());
        StringBuilder text = new StringBuilder(" ".repeat(NAME_WIDTH));
        List<String> names = FashionMnist.CLASSES;
        names.forEach(name -> text.append(padded(name.split(" ", 2)[0], width)));
        for (int label = 0; label < CLASSES; label++) {
            text.append('\n')
                    .append(names.get(label))
                    .append(" ".repeat(NAME_WIDTH - names.get(label).length()));
            for (long count : counts[label]) {
                text.append(padded(count == 0 ? "." : Long.toString(count), width));
            }
        }
        return text.toString();
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }
}
