package dev.tessera.text;

/** The text of an expression, and errors that point into it. */
record SourceText(String text) {
    private static final int CONTEXT = 60;

    ExpressionException error(int at, String why) {
        return new ExpressionException("Cannot parse expression: " + why + excerpt(at), at);
    }

    /** The line around a character, cut to what fits a screen, and under it a mark. */
    String excerpt(int at) {
        int start = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - CONTEXT);
        int lineEnd = text.indexOf('\n', at);
        int end = Math.min(lineEnd < 0 ? text.length() : lineEnd, at + CONTEXT);
        boolean isCut = start > 0 && text.charAt(start - 1) != '\n';
        String line = (isCut ? "…" : "") + text.substring(start, end).replace('\t', ' ');
        String rest = end < text.length() && text.charAt(end) != '\n' ? "…" : "";
        return "\n  " + line + rest + "\n  " + " ".repeat(at - start + (isCut ? 1 : 0)) + "^";
    }
}
