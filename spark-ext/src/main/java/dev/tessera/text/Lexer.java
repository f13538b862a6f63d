package dev.tessera.text;

import java.util.ArrayList;
import java.util.List;

/** Splits the text of an expression into Python's tokens. */
final class Lexer {
    static final int MAX_TOKENS = 20_000;

    private static final List<String> SYMBOLS = List.of(
            "...", "**", "//", "==", "!=", "<=", ">=", "<<", ">>", "+", "-", "*", "/", "%", "@", "<", ">", "&", "|",
            "^", "~", "(", ")", "[", "]", ",", ":", ".", "=");

    private final SourceText source;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    static List<Token> tokens(SourceText source) {
        Lexer lexer = new Lexer(source);
        while (lexer.skipSpace()) {
            lexer.next();
            if (lexer.tokens.size() > MAX_TOKENS) {
                throw source.error(lexer.at, "it has more than %d names, numbers and signs".formatted(MAX_TOKENS));
            }
        }
        lexer.tokens.add(new Token(Token.Kind.END, "", lexer.text.length()));
        return lexer.tokens;
    }

    private boolean skipSpace() {
        while (at < text.length() && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '#')) {
            int lineEnd = text.indexOf('\n', at);
            at = text.charAt(at) != '#' ? at + 1 : lineEnd < 0 ? text.length() : lineEnd;
        }
        return at < text.length();
    }

    private void next() {
        char first = text.charAt(at);
        if (Character.isUnicodeIdentifierStart(first) || first == '_') {
            add(Token.Kind.NAME, nameEnd());
        } else if (isDigit(at) || (first == '.' && isDigit(at + 1))) {
            add(Token.Kind.NUMBER, numberEnd());
        } else if (first == '\'' || first == '"') {
            string(first);
        } else {
            for (String symbol : SYMBOLS) {
                if (text.startsWith(symbol, at)) {
                    add(Token.Kind.SYMBOL, at + symbol.length());
                    return;
                }
            }
            throw source.error(
                    at, "'%s' is no part of an expression".formatted(Character.toString(text.codePointAt(at))));
        }
    }

    private void add(Token.Kind kind, int end) {
        tokens.add(new Token(kind, text.substring(at, end), at));
        at = end;
    }

    private int nameEnd() {
        int end = at + 1;
        while (end < text.length() && Character.isUnicodeIdentifierPart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** All that Python could take for a number; whether it is one is for {@link NumberLiteral}. */
    private int numberEnd() {
        boolean isPrefixed = text.startsWith("0x", at) || text.startsWith("0X", at);
        int end = at;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean isSign = (c == '+' || c == '-')
                    && !isPrefixed
                    && (text.charAt(end - 1) == 'e' || text.charAt(end - 1) == 'E')
                    && isDigit(end + 1);
            boolean isPart = Character.isLetterOrDigit(c) || c == '_' || (c == '.' && !isPrefixed);
            if (!isPart && !(end > at && isSign)) {
                break;
            }
            end++;
        }
        return end;
    }

    private boolean isDigit(int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    private void string(char quote) {
        int end = text.indexOf(quote, at + 1);
        if (end < 0) {
            throw source.error(at, "the string that starts here has no end");
        }
        tokens.add(new Token(Token.Kind.STRING, text.substring(at + 1, end), at));
        at = end + 1;
    }
}
