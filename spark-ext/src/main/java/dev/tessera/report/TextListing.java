package dev.tessera.report;

import java.util.List;

/** Titles with indented lines below them, each line and each list of them bounded. Used by one thread. */
final class TextListing {
    /** Lines under one title; of more, those in the middle are left out. */
    static final int MAX_LINES = 500;

    /** Characters of one line. */
    static final int MAX_LINE_LENGTH = 500;

    private static final int LAST_LINES = 100;
    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();

    void title(String title) {
        text.append(cut(title, MAX_LINE_LENGTH)).append('\n');
    }

    void section(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        title(title);
        int hidden = lines.size() <= MAX_LINES ? 0 : lines.size() - MAX_LINES;
        int firstHidden = MAX_LINES - LAST_LINES;
        for (int i = 0; i < lines.size(); i++) {
            if (hidden > 0 && i == firstHidden) {
                line("… " + hidden + " more lines …");
                i += hidden;
            }
            line(lines.get(i));
        }
    }

    private void line(String line) {
        text.append(INDENT).append(cut(line, MAX_LINE_LENGTH)).append('\n');
    }

    static String cut(String line, int length) {
        if (line.length() <= length) {
            return line;
        }
        int end = length - 1;
        return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** A name as it is if it is plain, else between quotes, with its control characters spelled out. */
    static String name(String name) {
        boolean isPlain = !name.isEmpty() && name.codePoints().allMatch(TextListing::isPlain);
        if (isPlain) {
            return name;
        }
        StringBuilder quoted = new StringBuilder("'");
        name.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                quoted.append("\\u%04x".formatted(c));
            } else {
                quoted.append(c == '\'' || c == '\\' ? "\\" : "").appendCodePoint(c);
            }
        });
        return quoted.append('\'').toString();
    }

    private static boolean isPlain(int c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
