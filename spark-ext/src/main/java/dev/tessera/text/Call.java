package dev.tessera.text;

import dev.tessera.expr.Axes;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of one call by the names of their parameters. */
final class Call {
    /** An argument and where it starts. */
    record Placed(Argument argument, int at) {}

    private final Signature signature;
    private final Operands operands;
    private final Map<String, Placed> arguments = new HashMap<>();
    private final List<Placed> variadic = new ArrayList<>();

    private Call(Signature signature, Operands operands) {
        this.signature = signature;
        this.operands = operands;
    }

    /** Gives arguments to the parameters of a function that is named at {@code at}. */
    static Call bind(
            Signature signature, Operands operands, int at, List<Placed> positional, Map<String, Placed> named) {
        Call call = new Call(signature, operands);
        call.bindPositional(at, positional);
        named.forEach(call::bindNamed);
        for (Signature.Parameter parameter : signature.parameters()) {
            boolean isMissing =
                    !parameter.isOptional() && !parameter.isVariadic() && !call.arguments.containsKey(parameter.name());
            if (isMissing) {
                throw operands.error(at, "%s lacks its argument %s".formatted(signature, parameter.name()));
            }
        }
        return call;
    }

    private void bindPositional(int at, List<Placed> positional) {
        int next = 0;
        for (Placed placed : positional) {
            boolean fits = next < signature.parameters().size()
                    && !signature.parameters().get(next).needsName();
            if (!fits) {
                throw operands.error(
                        at, "%s takes %d unnamed arguments, not %d".formatted(signature, next, positional.size()));
            }
            Signature.Parameter parameter = signature.parameters().get(next);
            if (parameter.isVariadic()) {
                variadic.add(placed);
            } else {
                arguments.put(parameter.name(), placed);
                next++;
            }
        }
    }

    private void bindNamed(String name, Placed placed) {
        for (Signature.Parameter parameter : signature.parameters()) {
            if (parameter.names().contains(name) && !parameter.isVariadic()) {
                if (arguments.put(parameter.name(), placed) != null) {
                    throw operands.error(placed.at(), "%s is given %s twice".formatted(signature.name(), name));
                }
                return;
            }
        }
        throw operands.error(
                placed.at(),
                "%s has no argument '%s'%s".formatted(signature, name, Spelling.suggestion(name, signature.names())));
    }

    private Placed placed(String name) {
        Placed placed = arguments.get(name);
        if (placed == null) {
            throw new IllegalStateException(signature + " has no argument " + name);
        }
        return placed;
    }

    /** Whether the argument is there and is not None. */
    boolean has(String name) {
        Placed placed = arguments.get(name);
        return placed != null && !(placed.argument() instanceof Argument.None);
    }

    Tensor tensor(String name) {
        Placed placed = placed(name);
        return operands.tensor(placed.argument(), placed.at());
    }

    @Nullable
    Tensor tensorOrNull(String name) {
        return has(name) ? tensor(name) : null;
    }

    /** The arguments of the variadic parameter. */
    List<Tensor> tensors() {
        return variadic.stream()
                .map(placed -> operands.tensor(placed.argument(), placed.at()))
                .toList();
    }

    /** The elements of a tuple or list of tensors. */
    List<Tensor> tensors(String name) {
        Placed placed = placed(name);
        if (placed.argument() instanceof Argument.Sequence sequence) {
            return sequence.elements().stream()
                    .map(element -> operands.tensor(element, placed.at()))
                    .toList();
        }
        throw error(name, "takes a tuple of tensors, as in %s((a, b))".formatted(signature.name()));
    }

    String text(String name) {
        if (placed(name).argument() instanceof Argument.Text text) {
            return text.text();
        }
        throw error(name, "is a string");
    }

    long integer(String name) {
        Placed placed = placed(name);
        return operands.integer(placed.argument(), placed.at());
    }

    long integer(String name, long otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    int axis(String name, int otherwise) {
        long axis = integer(name, otherwise);
        if ((int) axis != axis) {
            throw error(name, "is no axis");
        }
        return (int) axis;
    }

    /** All axes for None. */
    Axes axes(String name) {
        return has(name) ? Axes.of(axisList(name)) : Axes.ALL;
    }

    /** One axis or a tuple of them. */
    List<Integer> axisList(String name) {
        List<Integer> axes = new ArrayList<>();
        for (long axis : integers(name)) {
            if ((int) axis != axis) {
                throw error(name, "names no axis");
            }
            axes.add((int) axis);
        }
        return axes;
    }

    /** One integer or a tuple of them. */
    List<Long> integers(String name) {
        Placed placed = placed(name);
        if (placed.argument() instanceof Argument.Sequence sequence) {
            return sequence.elements().stream()
                    .map(element -> operands.integer(element, placed.at()))
                    .toList();
        }
        return List.of(operands.integer(placed.argument(), placed.at()));
    }

    /** Where an argument starts. */
    int at(String name) {
        return placed(name).at();
    }

    /** Whether an argument is there, and is None. */
    boolean argumentIsNone(String name) {
        return arguments.containsKey(name) && !has(name);
    }

    Argument argument(String name) {
        return placed(name).argument();
    }

    boolean bool(String name) {
        return has(name) && operands.bool(placed(name).argument(), placed(name).at());
    }

    double number(String name, double otherwise) {
        return has(name) ? operands.number(placed(name).argument(), placed(name).at()) : otherwise;
    }

    DType dtype(String name) {
        Placed placed = placed(name);
        return operands.dtype(placed.argument(), placed.at());
    }

    Operands operands() {
        return operands;
    }

    ExpressionException error(String name, String why) {
        return operands.error(placed(name).at(), "%s: %s %s".formatted(signature, name, why));
    }
}
