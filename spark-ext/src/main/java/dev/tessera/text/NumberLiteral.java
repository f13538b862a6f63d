package dev.tessera.text;

import dev.tessera.expr.Constant;
import dev.tessera.expr.Tensors;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** A number as Python writes it, which takes the dtype of what it meets. */
final class NumberLiteral {
    private static final String DIGITS = "[0-9](?:_?[0-9])*+";
    private static final Pattern INTEGER = Pattern.compile("0(?:_?0)*+|[1-9](?:_?[0-9])*+");
    private static final Pattern PREFIXED =
            Pattern.compile("0(?:[xX](?:_?[0-9a-fA-F])++|[oO](?:_?[0-7])++|[bB](?:_?[01])++)");
    private static final Pattern FLOAT =
            Pattern.compile("(?:(?:%1$s)?\\.%1$s|%1$s\\.?)(?:[eE][+-]?%1$s)?".formatted(DIGITS));
    // Longer ones are no number that anyone writes, and quadratic to read.
    private static final int MAX_LENGTH = 400;

    private NumberLiteral() {}

    static Constant parse(SourceText source, Token token) {
        String text = token.text();
        if (text.length() > MAX_LENGTH) {
            throw source.error(token.at(), "a number of more than %d characters".formatted(MAX_LENGTH));
        }
        String digits = text.replace("_", "");
        if (INTEGER.matcher(text).matches()) {
            return integer(source, token, new BigInteger(digits));
        }
        if (PREFIXED.matcher(text).matches()) {
            int radix = switch (Character.toLowerCase(text.charAt(1))) {
                case 'x' -> 16;
                case 'o' -> 8;
                default -> 2;
            };
            return integer(source, token, new BigInteger(digits.substring(2), radix));
        }
        if (FLOAT.matcher(text).matches() && !isOctalLike(digits)) {
            return Tensors.weak(Double.parseDouble(digits));
        }
        String remedy = text.endsWith("j") || text.endsWith("J") ? "; there are no complex numbers" : "";
        throw source.error(token.at(), "'%s' is no number%s".formatted(text, remedy));
    }

    // Python refuses 012, which once was octal, and takes 012.0.
    private static boolean isOctalLike(String digits) {
        return digits.chars().allMatch(Character::isDigit);
    }

    private static Constant integer(SourceText source, Token token, BigInteger value) {
        if (value.bitLength() >= Long.SIZE) {
            throw source.error(token.at(), "%s does not fit int64; write it as a float".formatted(token.text()));
        }
        return Tensors.weak(value.longValue());
    }
}
