package dev.tessera.text;

import dev.tessera.expr.Constant;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;

/** Python's operators on tensors, and how tightly they bind. */
final class Operators {
    static final int COMPARISON = 0;

    private static final int OR = 1;
    private static final int XOR = 2;
    private static final int AND = 3;
    private static final int SUM = 4;
    private static final int PRODUCT = 5;
    private static final int NONE = -1;

    private final Operands operands;

    Operators(Operands operands) {
        this.operands = operands;
    }

    static boolean isSign(Token token) {
        return token.is("-") || token.is("+") || token.is("~");
    }

    /** How tightly a token binds as an operator of two operands, negative if it is none; the power is apart. */
    static int precedence(Token token) {
        if (token.kind() != Token.Kind.SYMBOL) {
            return NONE;
        }
        return switch (token.text()) {
            case "==", "!=", "<", "<=", ">", ">=" -> COMPARISON;
            case "|" -> OR;
            case "^" -> XOR;
            case "&" -> AND;
            case "+", "-" -> SUM;
            case "*", "/", "//", "%", "@" -> PRODUCT;
            default -> NONE;
        };
    }

    Argument unary(Token sign, Argument operand) {
        Tensor x = operands.tensor(operand, sign.at());
        return new Argument.Value(
                switch (sign.text()) {
                    case "-" -> Tensors.neg(x);
                    case "+" -> ElementwiseFunctions.positive(x);
                    default -> Tensors.bitwiseNot(x);
                });
    }

    /** What a chain of comparisons gives, element by element: Python's {@code a < b < c} is {@code a < b and b < c}. */
    Argument both(Argument left, Argument right) {
        Tensor x = ((Argument.Value) left).tensor();
        Tensor y = ((Argument.Value) right).tensor();
        boolean numbers = x instanceof Constant a && a.isWeak() && y instanceof Constant b && b.isWeak();
        return new Argument.Value(
                numbers
                        ? Tensors.weak(((Constant) x).value().longAt(0) != 0
                                && ((Constant) y).value().longAt(0) != 0)
                        : Tensors.logicalAnd(x, y));
    }

    Argument binary(Token operator, Argument left, Argument right) {
        if (left instanceof Argument.Sequence && right instanceof Argument.Sequence) {
            throw operands.error(operator.at(), "two lists are no tensors; write array(...) around one");
        }
        Tensor x = operands.tensor(left, operator.at());
        Tensor y = operands.tensor(right, operator.at());
        return new Argument.Value(
                switch (operator.text()) {
                    case "+" -> Tensors.add(x, y);
                    case "-" -> Tensors.sub(x, y);
                    case "*" -> Tensors.mul(x, y);
                    case "/" -> Tensors.div(x, y);
                    case "//" -> Tensors.floorDivide(x, y);
                    case "%" -> Tensors.mod(x, y);
                    case "@" -> Tensors.matmul(x, y);
                    case "**" -> Tensors.pow(x, y);
                    case "==" -> Tensors.eq(x, y);
                    case "!=" -> Tensors.ne(x, y);
                    case "<" -> Tensors.lt(x, y);
                    case "<=" -> Tensors.le(x, y);
                    case ">" -> Tensors.gt(x, y);
                    case ">=" -> Tensors.ge(x, y);
                    case "&" -> Tensors.bitwiseAnd(x, y);
                    case "|" -> Tensors.bitwiseOr(x, y);
                    case "^" -> Tensors.bitwiseXor(x, y);
                    default -> throw new IllegalStateException(operator + " is no operator");
                });
    }
}
