package dev.tessera.examples;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** One image and what the network says of it: a probability for each class, and the most probable one. */
record ScoredImage(int image, int label, int predicted, List<Float> probabilities) {
    private static final int FIRST_IMAGES = 100;

    ScoredImage {
        probabilities = List.copyOf(probabilities);
    }

    boolean isRight() {
        return label == predicted;
    }

    /** The first images that were taken for what they are. */
    static List<ScoredImage> right(Dataset<Row> scored, int count) {
        Column image = functions.col("image");
        Column isRight = functions.col("label").equalTo(functions.col("predicted"));
        return distinct(scored.where(isRight.and(image.lt(FIRST_IMAGES))))
                .orderBy(image)
                .limit(count)
                .collectAsList()
                .stream()
                .map(ScoredImage::of)
                .toList();
    }

    /** The images that the network was most certain of, and wrong about. */
    static List<ScoredImage> wrong(Dataset<Row> scored, int count) {
        Column isWrong = functions.col("label").notEqual(functions.col("predicted"));
        Column certainty = functions.array_max(functions.col("probabilities"));
        return distinct(scored.where(isWrong))
                .orderBy(certainty.desc(), functions.col("image"))
                .limit(count)
                .collectAsList()
                .stream()
                .map(ScoredImage::of)
                .toList();
    }

    private static Dataset<Row> distinct(Dataset<Row> scored) {
        return scored.select("image", "label", "predicted", "probabilities").dropDuplicates("image");
    }

    private static ScoredImage of(Row row) {
        return new ScoredImage(row.getInt(0), row.getInt(1), row.getInt(2), row.getList(3));
    }
}
