package dev.tessera.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the network scores on the test images, as computed where it was trained. */
final class ExpectedScores {
    /** The correct ones among the 10,000; a tie may be broken in another way by another rounding. */
    static final long CORRECT = 8939;

    static final long CORRECT_TOLERANCE = 2;

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");

    private ExpectedScores() {}

    /** The probabilities of the first three images, one after the other, to six digits. */
    static List<Double> firstProbabilities() throws IOException {
        return numbers("first_probabilities");
    }

    /** How many of each class (rows) are taken for each class (columns), row-major. */
    static List<Double> confusion() throws IOException {
        return numbers("confusion");
    }

    /** The numbers in one member of the JSON, up to the next name. */
    private static List<Double> numbers(String member) throws IOException {
        try (InputStream in = FashionMnist.open("mlp/expected.json")) {
            String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String name = "\"" + member + "\":";
            int start = json.indexOf(name) + name.length();
            int end = json.indexOf('"', start);
            Matcher number = NUMBER.matcher(json.substring(start, end < 0 ? json.length() : end));
            List<Double> numbers = new ArrayList<>();
            while (number.find()) {
                numbers.add(Double.parseDouble(number.group()));
            }
            return numbers;
        }
    }
}
