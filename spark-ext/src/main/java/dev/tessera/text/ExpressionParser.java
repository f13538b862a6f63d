package dev.tessera.text;

import dev.tessera.expr.Tensor;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.expr.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the language as text, in NumPy's words and with Python's precedence: {@code softmax(relu(x @ w + b))}. A number
 * takes the dtype of what it meets, as in NumPy 2. The length and depth of a text are bounded, and so is what it makes.
 */
public final class ExpressionParser {
    /** The longest text, in characters. */
    public static final int MAX_LENGTH = 1 << 16;

    /** How deep parentheses, brackets, signs and powers nest. */
    public static final int MAX_DEPTH = 200;

    private static final int MAX_NAMES_SHOWN = 20;
    private static final Set<String> MODULES =
            Set.of("np", "numpy", "torch", "linalg", "special", "scipy", "nn", "functional", "F");
    private static final Set<String> WORDS = Set.of("and", "or", "not", "if", "else", "in", "is", "lambda", "for");

    private final SourceText source;
    private final Map<String, ? extends Tensor> names;
    private final Operands operands;
    private final Operators operators;
    private final Subscripts subscripts;
    private final List<Token> tokens;
    private int next;
    private int depth;

    private ExpressionParser(SourceText source, Map<String, ? extends Tensor> names) {
        this.source = source;
        this.names = names;
        this.operands = new Operands(source);
        this.operators = new Operators(operands);
        this.subscripts = new Subscripts(this, operands);
        this.tokens = Lexer.tokens(source);
    }

    /**
     * The tensors that a text stands for: one, or those of a tuple.
     *
     * @param names the variables, parameters and constants that it may name
     * @throws ExpressionException if the text is no expression; it points at the character
     * @throws TensorTypeException if dtypes or shapes do not fit; it points at the operation
     */
    public static List<Tensor> parse(String text, Map<String, ? extends Tensor> names) {
        SourceText source = new SourceText(text);
        if (text.length() > MAX_LENGTH) {
            throw source.error(MAX_LENGTH, "it has %d characters, at most %d".formatted(text.length(), MAX_LENGTH));
        }
        return new ExpressionParser(source, names).parse();
    }

    private List<Tensor> parse() {
        List<Argument> results = elements("");
        if (peek().kind() != Token.Kind.END) {
            throw unexpected("an operator or the end");
        }
        List<Tensor> outputs = new ArrayList<>();
        results.forEach(result -> addOutputs(result, outputs));
        if (outputs.isEmpty()) {
            throw source.error(0, "it gives nothing");
        }
        return outputs;
    }

    private void addOutputs(Argument result, List<Tensor> outputs) {
        if (result instanceof Argument.Sequence sequence && !sequence.isList()) {
            sequence.elements().forEach(element -> addOutputs(element, outputs));
        } else {
            outputs.add(checked(0, () -> new Argument.Value(operands.tensor(result, 0)))
                    .tensor());
        }
    }

    Token peek() {
        return tokens.get(next);
    }

    Token take() {
        return tokens.get(next++);
    }

    boolean accept(String symbol) {
        boolean isNext = peek().is(symbol);
        next += isNext ? 1 : 0;
        return isNext;
    }

    void expect(String symbol, Token open) {
        if (!accept(symbol)) {
            if (peek().kind() == Token.Kind.END) {
                throw source.error(open.at(), "'%s' is never closed by '%s'".formatted(open.text(), symbol));
            }
            throw unexpected("'%s'".formatted(symbol));
        }
    }

    private ExpressionException unexpected(String expected) {
        Token token = peek();
        if (WORDS.contains(token.text())) {
            return source.error(token.at(), word(token));
        }
        String hint = token.is("=") ? "; compare with '=='" : "";
        return source.error(token.at(), "expected %s, found %s%s".formatted(expected, token, hint));
    }

    private static String word(Token token) {
        return switch (token.text()) {
            case "and" -> "'and' does not work on tensors; write (a > 0) & (b > 0)";
            case "or" -> "'or' does not work on tensors; write (a > 0) | (b > 0)";
            case "not" -> "'not' does not work on tensors; write ~(a > 0)";
            case "if", "else" -> "there is no '%s'; write where(condition, x, y)".formatted(token.text());
            default -> "there is no '%s' in this language".formatted(token.text());
        };
    }

    /** Expressions with commas between them and maybe after them, up to a symbol or the end. */
    private List<Argument> elements(String end) {
        List<Argument> elements = new ArrayList<>();
        while (!peek().is(end) && peek().kind() != Token.Kind.END) {
            elements.add(expression());
            if (!accept(",")) {
                break;
            }
        }
        return elements;
    }

    Argument expression() {
        return binary(0);
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw source.error(peek().at(), "it nests deeper than %d".formatted(MAX_DEPTH));
        }
    }

    private Argument binary(int minimum) {
        enter();
        Argument left = unary();
        @Nullable Argument compared = null;
        while (Operators.precedence(peek()) >= minimum) {
            Token operator = take();
            int precedence = Operators.precedence(operator);
            Argument before = left;
            @Nullable Argument link = compared;
            Argument right = binary(precedence + 1);
            left = checked(
                    operator.at(),
                    () -> link == null
                            ? operators.binary(operator, before, right)
                            : operators.both(before, operators.binary(operator, link, right)));
            compared = precedence == Operators.COMPARISON ? right : null;
        }
        if (peek().isName("and") || peek().isName("or") || peek().isName("if")) {
            throw source.error(peek().at(), word(peek()));
        }
        depth--;
        return left;
    }

    private Argument unary() {
        Token sign = peek();
        if (!Operators.isSign(sign)) {
            return power();
        }
        take();
        enter();
        Argument operand = unary();
        depth--;
        return checked(sign.at(), () -> operators.unary(sign, operand));
    }

    private Argument power() {
        Argument base = postfix();
        Token operator = peek();
        if (!accept("**")) {
            return base;
        }
        enter();
        Argument exponent = unary();
        depth--;
        return checked(operator.at(), () -> operators.binary(operator, base, exponent));
    }

    private Argument postfix() {
        Argument value = primary();
        while (true) {
            Token token = peek();
            if (accept("[")) {
                value = subscripts.apply(value, token);
            } else if (accept(".")) {
                value = member(value);
            } else if (token.is("(")) {
                throw source.error(token.at(), "%s is no function".formatted(value.noun()));
            } else {
                return value;
            }
        }
    }

    private Argument member(Argument value) {
        Token name = take();
        if (name.kind() != Token.Kind.NAME) {
            next--;
            throw unexpected("a name");
        }
        if (peek().is("(")) {
            return call(name, value);
        }
        if (name.text().equals("T")) {
            return checked(name.at(), () -> new Argument.Value(Tensors.transpose(operands.tensor(value, name.at()))));
        }
        throw source.error(name.at(), "a tensor has no '%s'; it has .T and methods".formatted(name.text()));
    }

    private Argument primary() {
        Token token = take();
        return switch (token.kind()) {
            case NUMBER -> new Argument.Value(NumberLiteral.parse(source, token));
            case STRING -> new Argument.Text(token.text());
            case NAME -> name(token);
            case SYMBOL -> bracketed(token);
            case END -> throw source.error(token.at(), "it ends where a value is expected");
        };
    }

    private Argument bracketed(Token open) {
        if (open.is("(")) {
            List<Argument> elements = elements(")");
            boolean isOne = elements.size() == 1 && !tokens.get(next - 1).is(",");
            expect(")", open);
            return isOne ? elements.get(0) : new Argument.Sequence(elements, false);
        }
        if (open.is("[")) {
            List<Argument> elements = elements("]");
            expect("]", open);
            return new Argument.Sequence(elements, true);
        }
        next--;
        throw unexpected("a value");
    }

    private Argument name(Token name) {
        boolean isCall = peek().is("(");
        Tensor named = names.get(name.text());
        if (named != null && !(isCall && TextFunctions.ALL.find(name.text()) != null)) {
            return new Argument.Value(named);
        }
        if (MODULES.contains(name.text()) && accept(".")) {
            Token member = take();
            if (member.kind() == Token.Kind.NAME) {
                return name(member);
            }
            next--;
            throw unexpected("a name");
        }
        if (isCall) {
            return call(name, null);
        }
        Argument constant = Constants.find(name.text());
        if (constant != null) {
            return constant;
        }
        throw unknown(name);
    }

    private ExpressionException unknown(Token name) {
        if (WORDS.contains(name.text())) {
            return source.error(name.at(), word(name));
        }
        if (TextFunctions.ALL.find(name.text()) != null) {
            return source.error(name.at(), "'%1$s' is a function; call it, as in %1$s(x)".formatted(name.text()));
        }
        Set<String> known = new HashSet<>(names.keySet());
        known.addAll(Constants.names());
        String suggestion = Spelling.suggestion(name.text(), known);
        List<String> shown =
                names.keySet().stream().sorted().limit(MAX_NAMES_SHOWN).toList();
        String remedy = !suggestion.isEmpty() ? suggestion : "; known are " + String.join(", ", shown);
        return source.error(name.at(), "there is no '%s'%s".formatted(name.text(), remedy));
    }

    /** A call of a function, or of a method of {@code self}. */
    private Argument call(Token name, @Nullable Argument self) {
        TextFunctions.Function function = TextFunctions.ALL.find(name.text());
        if (function == null) {
            String suggestion = Spelling.suggestion(name.text(), TextFunctions.ALL.names());
            throw source.error(name.at(), "there is no function '%s'%s".formatted(name.text(), suggestion));
        }
        Token open = take();
        List<Call.Placed> positional = new ArrayList<>();
        Map<String, Call.Placed> named = new HashMap<>();
        arguments(open, positional, named);
        if (self != null) {
            List<Call.Placed> all = Methods.arguments(name.text(), positional);
            all.add(0, new Call.Placed(self, name.at()));
            positional = all;
        }
        List<Call.Placed> given = positional;
        return checked(
                name.at(),
                () -> function.body().apply(Call.bind(function.signature(), operands, name.at(), given, named)));
    }

    private void arguments(Token open, List<Call.Placed> positional, Map<String, Call.Placed> named) {
        while (!peek().is(")")) {
            Token first = peek();
            if (first.kind() == Token.Kind.NAME && tokens.get(next + 1).is("=")) {
                next += 2;
                if (named.put(first.text(), new Call.Placed(expression(), first.at())) != null) {
                    throw source.error(first.at(), "'%s' is given twice".formatted(first.text()));
                }
            } else if (named.isEmpty()) {
                positional.add(new Call.Placed(expression(), first.at()));
            } else {
                throw source.error(first.at(), "an argument without a name follows one with a name");
            }
            if (!accept(",")) {
                break;
            }
        }
        expect(")", open);
    }

    /** Runs what builds tensors, so that an error in it shows where it stands in the text. */
    <T> T checked(int at, Supplier<T> builder) {
        try {
            return builder.get();
        } catch (ExpressionException e) {
            throw e;
        } catch (ArithmeticException e) {
            throw new TensorTypeException("Cannot compute a size: it is larger than 2^63" + source.excerpt(at));
        } catch (IllegalArgumentException e) {
            throw new TensorTypeException(e.getMessage() + source.excerpt(at));
        }
    }
}
