package dev.tessera.text;

import dev.tessera.expr.Constant;
import dev.tessera.expr.Index;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what stands between brackets after a value: positions, slices, new axes and an ellipsis. */
final class Subscripts {
    private final ExpressionParser parser;
    private final Operands operands;

    Subscripts(ExpressionParser parser, Operands operands) {
        this.parser = parser;
        this.operands = operands;
    }

    /** The element or slice of a value; {@code open} is the bracket, which is read already. */
    Argument apply(Argument value, Token open) {
        if (value instanceof Argument.Sequence sequence && !sequence.isList()) {
            return element(sequence, open);
        }
        List<Index> indices = new ArrayList<>();
        while (!parser.peek().is("]")) {
            indices.add(index(open));
            if (!parser.accept(",")) {
                break;
            }
        }
        parser.expect("]", open);
        if (indices.isEmpty()) {
            throw operands.error(open.at(), "an index is expected between the brackets");
        }
        return parser.checked(open.at(), () -> {
            Tensor x = operands.tensor(value, open.at());
            return new Argument.Value(Tensors.slice(x, indices.toArray(Index[]::new)));
        });
    }

    private Argument element(Argument.Sequence tuple, Token open) {
        Argument index = parser.expression();
        parser.expect("]", open);
        long position = operands.integer(index, open.at());
        int size = tuple.elements().size();
        if (position < -size || position >= size) {
            throw operands.error(open.at(), "a tuple of %d has no element %d".formatted(size, position));
        }
        return tuple.elements().get((int) (position < 0 ? position + size : position));
    }

    private Index index(Token open) {
        Token first = parser.peek();
        if (parser.accept("...")) {
            return Index.ELLIPSIS;
        }
        if (!first.is(":")) {
            Argument index = parser.expression();
            if (!parser.peek().is(":")) {
                return index instanceof Argument.None ? Index.NEW_AXIS : Index.at(position(index, first.at()));
            }
            return range(bound(index, first.at()), open);
        }
        return range(null, open);
    }

    private Index range(@Nullable Long start, Token open) {
        parser.accept(":");
        Long stop = bound();
        Long step = parser.accept(":") ? bound() : null;
        return parser.checked(open.at(), () -> new Index.Range(start, stop, step == null ? 1 : step));
    }

    private @Nullable Long bound() {
        Token token = parser.peek();
        boolean isLeftOut = token.is(":") || token.is(",") || token.is("]") || token.kind() == Token.Kind.END;
        return isLeftOut ? null : bound(parser.expression(), token.at());
    }

    private @Nullable Long bound(Argument argument, int at) {
        return argument instanceof Argument.None ? null : Long.valueOf(operands.integer(argument, at));
    }

    private long position(Argument index, int at) {
        boolean isTensor = index instanceof Argument.Sequence
                || (index instanceof Argument.Value value
                        && (value.tensor().rank() > 0 || !(value.tensor() instanceof Constant)));
        if (isTensor) {
            boolean isMask =
                    index instanceof Argument.Value value && value.tensor().dtype() == DType.BOOL;
            throw operands.error(
                    at,
                    isMask
                            ? "a mask gives no fixed shape; use where(mask, x, y)"
                            : "an index is a number here; use take(x, indices, axis=0)");
        }
        return operands.integer(index, at);
    }
}
