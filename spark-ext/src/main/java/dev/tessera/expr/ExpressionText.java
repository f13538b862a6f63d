package dev.tessera.expr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The short text of an expression, {@code softmax(relu(x @ w + b))}: for messages and Spark's plans. Views that only add
 * or drop axes of size 1 are left out. Bounded in length and depth, what is beyond is {@code …}; iterative.
 */
public final class ExpressionText {
    /** The longest text of {@link #of(Tensor)}. */
    public static final int MAX_LENGTH = 200;

    // Deeper parts would cost time in proportion to the graph, for every message, and never be shown.
    private static final int MAX_DEPTH = 24;
    private static final String CUT = "…";

    private static final int COMPARE = 1;
    private static final int OR = 2;
    private static final int XOR = 3;
    private static final int AND = 4;
    private static final int SUM = 5;
    private static final int PRODUCT = 6;
    private static final int SIGN = 7;
    private static final int POWER = 8;
    private static final int CALL = 9;

    /** Text still to come: a string, or a tensor that needs parentheses if it binds less tightly than asked. */
    private record Piece(String text, @Nullable Tensor tensor, int precedence, int depth) {}

    private final int maxLength;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Piece> todo = new ArrayDeque<>();

    private ExpressionText(int maxLength) {
        this.maxLength = maxLength;
    }

    /** The text of what computes {@code value}. */
    public static String of(Tensor value) {
        return of(value, MAX_LENGTH);
    }

    /** The text of what computes {@code value}, in at most {@code maxLength} characters. */
    public static String of(Tensor value, int maxLength) {
        ExpressionText text = new ExpressionText(maxLength);
        text.todo.push(new Piece("", value, 0, 0));
        return text.write();
    }

    /** One application, these texts standing for what computes its inputs: {@code relu(v3)}, {@code v1 @ v2}. */
    public static String of(Apply apply, List<String> inputs) {
        Op op = apply.op();
        String operator = operator(op, inputs.size());
        if (operator != null) {
            return inputs.size() == 1 ? operator + inputs.get(0) : String.join(" " + operator + " ", inputs);
        }
        if (op instanceof Op.Slice slice) {
            return inputs.get(0) + "[" + OpSignature.subscript(slice, apply.inputs()) + "]";
        }
        return OpSignature.of(op, apply.inputs()).call(inputs);
    }

    /** The text of an application that may not be valid. */
    static String of(Op op, List<? extends Tensor> inputs) {
        ExpressionText text = new ExpressionText(MAX_LENGTH);
        text.expand(op, inputs, new Piece("", null, 0, 0));
        return text.write();
    }

    private String write() {
        while (!todo.isEmpty() && out.length() <= maxLength) {
            Piece piece = todo.pop();
            if (piece.tensor() == null) {
                out.append(piece.text());
            } else {
                write(piece.tensor(), piece);
            }
        }
        if (out.length() <= maxLength) {
            return out.toString();
        }
        int end = Math.max(0, maxLength - CUT.length());
        return out.substring(0, end > 0 && Character.isHighSurrogate(out.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    private void write(Tensor tensor, Piece piece) {
        Tensor value = withoutUnitAxes(tensor);
        Apply owner = value.owner();
        if (owner == null) {
            write(value.toString(), piece);
        } else if (piece.depth() >= MAX_DEPTH) {
            out.append(CUT);
        } else if (owner.outputs().size() > 1) {
            todo.push(text("[" + ((Result) value).index() + "]"));
            expand(owner.op(), owner.inputs(), new Piece("", null, CALL, piece.depth()));
        } else {
            expand(owner.op(), owner.inputs(), piece);
        }
    }

    private void write(String leaf, Piece piece) {
        boolean isNegative = leaf.startsWith("-") && piece.precedence() > SIGN;
        out.append(isNegative ? "(" + leaf + ")" : leaf);
    }

    private static Tensor withoutUnitAxes(Tensor tensor) {
        Tensor value = tensor;
        while (value.owner() != null && value.owner().op() instanceof Op.DimShuffle shuffle && isAscending(shuffle)) {
            value = value.owner().inputs().get(0);
        }
        return value;
    }

    private static boolean isAscending(Op.DimShuffle shuffle) {
        int last = -1;
        for (int axis : shuffle.order()) {
            if (axis != Op.DimShuffle.NEW_AXIS && axis < last) {
                return false;
            }
            last = Math.max(last, axis);
        }
        return true;
    }

    private void expand(Op op, List<? extends Tensor> inputs, Piece parent) {
        String operator = operator(op, inputs.size());
        List<Piece> pieces = new ArrayList<>();
        if (operator != null) {
            int precedence = precedence(op, inputs.size());
            boolean parenthesised = precedence < parent.precedence();
            pieces.add(text(parenthesised ? "(" : ""));
            operation(operator, precedence, inputs, parent.depth() + 1, pieces);
            pieces.add(text(parenthesised ? ")" : ""));
        } else if (op instanceof Op.Slice slice) {
            pieces.add(new Piece("", inputs.get(0), CALL, parent.depth() + 1));
            pieces.add(text("[" + OpSignature.subscript(slice, inputs) + "]"));
        } else {
            call(OpSignature.of(op, inputs), inputs, parent.depth() + 1, pieces);
        }
        for (int i = pieces.size() - 1; i >= 0; i--) {
            todo.push(pieces.get(i));
        }
    }

    private static void operation(
            String operator, int precedence, List<? extends Tensor> inputs, int depth, List<Piece> pieces) {
        if (inputs.size() == 1) {
            pieces.add(text(operator));
            pieces.add(new Piece("", inputs.get(0), precedence, depth));
            return;
        }
        // Operators associate to the left, comparisons not at all, powers to the right.
        boolean tightLeft = precedence == POWER || precedence == COMPARE;
        boolean tightRight = precedence != POWER;
        pieces.add(new Piece("", inputs.get(0), tightLeft ? precedence + 1 : precedence, depth));
        pieces.add(text(" " + operator + " "));
        pieces.add(new Piece("", inputs.get(1), tightRight ? precedence + 1 : precedence, depth));
    }

    private static void call(OpSignature signature, List<? extends Tensor> inputs, int depth, List<Piece> pieces) {
        pieces.add(text(signature.name() + (signature.isTuple() ? "((" : "(")));
        for (int i = 0; i < inputs.size(); i++) {
            pieces.add(text(i == 0 ? "" : ", "));
            pieces.add(new Piece("", inputs.get(i), 0, depth));
        }
        String arguments = String.join(", ", signature.arguments());
        String comma = arguments.isEmpty() || inputs.isEmpty() ? "" : ", ";
        pieces.add(text((signature.isTuple() ? ")" : "") + comma + arguments + ")"));
    }

    private static Piece text(String text) {
        return new Piece(text, null, 0, 0);
    }

    private static @Nullable String operator(Op op, int inputCount) {
        if (op instanceof Op.MatMul && inputCount == 2) {
            return "@";
        }
        boolean fits =
                op instanceof Op.Elementwise elementwise && elementwise.scalar().arity() == inputCount;
        return fits ? OpSignature.operator(((Op.Elementwise) op).scalar()) : null;
    }

    private static int precedence(Op op, int inputCount) {
        if (inputCount == 1) {
            return SIGN;
        }
        if (!(op instanceof Op.Elementwise elementwise)) {
            return PRODUCT;
        }
        return switch (elementwise.scalar()) {
            case LOGICAL_OR -> OR;
            case LOGICAL_XOR -> XOR;
            case LOGICAL_AND -> AND;
            case ADD, SUBTRACT -> SUM;
            case MULTIPLY, DIVIDE, FLOOR_DIVIDE, MOD -> PRODUCT;
            case POWER -> POWER;
            default -> COMPARE;
        };
    }
}
