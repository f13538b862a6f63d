package dev.tessera.report;

import java.util.Locale;

/** Text and numbers inside XML and HTML. */
public final class Markup {
    private static final char REPLACEMENT = '\uFFFD';

    private Markup() {}

    /** The text with everything escaped that XML or HTML reads as markup, in elements and in quoted attributes. */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    if (isXml(c)) {
                        escaped.appendCodePoint(c);
                    } else {
                        escaped.append(REPLACEMENT);
                    }
                }
            }
        });
        return escaped.toString();
    }

    /** The characters of XML 1.0, without the controls that it discourages. */
    private static boolean isXml(int c) {
        boolean isSpace = c == '\t' || c == '\n' || c == '\r';
        boolean isControl = c < 0x20 || (c >= 0x7F && c <= 0x9F);
        boolean isSurrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return isSpace || !(isControl || isSurrogate || c == 0xFFFE || c == 0xFFFF);
    }

    /** A coordinate, to a tenth. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
