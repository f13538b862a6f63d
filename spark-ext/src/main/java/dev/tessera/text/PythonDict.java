package dev.tessera.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Python dict display of strings, booleans and tuples of integers, as the header of a .npy file is. */
final class PythonDict {
    /** A tuple of integers. */
    private record Integers(List<Long> values) {}

    private final String text;
    private final int maxTuple;
    private final Map<String, Object> values = new HashMap<>();
    private int at;

    private PythonDict(String text, int maxTuple) {
        this.text = text;
        this.maxTuple = maxTuple;
    }

    /**
     * Reads a dict whose tuples have at most {@code maxTuple} elements.
     *
     * @throws TensorFormatException if the text is none
     */
    static PythonDict parse(String text, int maxTuple) {
        PythonDict dict = new PythonDict(text, maxTuple);
        dict.expect('{');
        while (!dict.accept('}')) {
            String key = dict.quoted();
            dict.expect(':');
            if (dict.values.put(key, dict.value()) != null) {
                throw dict.failure("the key '%s' again".formatted(key));
            }
            if (!dict.accept(',')) {
                dict.expect('}');
                break;
            }
        }
        dict.skipSpace();
        if (dict.at < text.length()) {
            throw dict.failure("the end");
        }
        return dict;
    }

    String text(String key) {
        return value(key, String.class);
    }

    boolean bool(String key) {
        return value(key, Boolean.class);
    }

    List<Long> integers(String key) {
        return value(key, Integers.class).values();
    }

    private <T> T value(String key, Class<T> type) {
        Object value = values.get(key);
        if (!type.isInstance(value)) {
            throw new TensorFormatException("its header says '%s' is %s".formatted(key, value));
        }
        return type.cast(value);
    }

    private Object value() {
        skipSpace();
        if (text.startsWith("True", at) || text.startsWith("False", at)) {
            boolean isTrue = text.charAt(at) == 'T';
            at += isTrue ? 4 : 5;
            return isTrue;
        }
        return peek() == '(' ? tuple() : quoted();
    }

    private Integers tuple() {
        List<Long> elements = new ArrayList<>();
        expect('(');
        while (!accept(')')) {
            if (elements.size() == maxTuple) {
                throw failure("at most %d sizes".formatted(maxTuple));
            }
            elements.add(integer());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return new Integers(elements);
    }

    private Long integer() {
        skipSpace();
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        // Python 2 wrote 12L.
        int end = at;
        accept('L');
        try {
            return Long.parseLong(text.substring(start, end));
        } catch (NumberFormatException e) {
            at = start;
            throw failure("a size below 2^63");
        }
    }

    private String quoted() {
        skipSpace();
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw failure("a quoted string");
        }
        int end = text.indexOf(quote, at + 1);
        if (end < 0) {
            throw failure("the end of the string");
        }
        String quoted = text.substring(at + 1, end);
        at = end + 1;
        return quoted;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean accept(char expected) {
        skipSpace();
        boolean isThere = peek() == expected;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void expect(char expected) {
        if (!accept(expected)) {
            throw failure("'" + expected + "'");
        }
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private TensorFormatException failure(String expected) {
        return new TensorFormatException("its header is no dict as NumPy writes it: expected %s at character %d of '%s'"
                .formatted(expected, at, text.length() > 200 ? text.substring(0, 200) + "…" : text.strip()));
    }
}
