package dev.tessera.text;

import java.util.Collection;
import java.util.Locale;

/** The name that was probably meant. */
public final class Spelling {
    // Longer ones would cost time, and are no misspelt name.
    private static final int MAX_LENGTH = 64;

    private Spelling() {}

    /** {@code "; did you mean 'softmax'?"}, or nothing if no name is near; one letter is near to all. */
    public static String suggestion(String written, Collection<String> names) {
        if (written.length() < 2) {
            return "";
        }
        String best = "";
        int least = Math.max(1, Math.min(3, (written.length() + 1) / 3)) + 1;
        for (String name : names) {
            int distance = distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < least || (distance == least && !best.isEmpty() && name.compareTo(best) < 0)) {
                least = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "" : "; did you mean '%s'?".formatted(best);
    }

    /** How many letters to add, drop, change or swap with the next. */
    private static int distance(String a, String b) {
        if (a.length() > MAX_LENGTH || b.length() > MAX_LENGTH) {
            return Integer.MAX_VALUE;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
