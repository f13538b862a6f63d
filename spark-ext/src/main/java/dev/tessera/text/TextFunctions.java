package dev.tessera.text;

import dev.tessera.expr.Tensor;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The functions of the text language by name: NumPy's, and PyTorch's where NumPy has none. Immutable. */
final class TextFunctions {
    /** Computes what a call stands for. */
    interface Body {
        Argument apply(Call call);
    }

    /** Computes a tensor, which most calls stand for. */
    interface TensorBody {
        Tensor apply(Call call);
    }

    /** A function and how it is called. */
    record Function(Signature signature, Body body) {}

    static final TextFunctions ALL = new TextFunctions();

    private final Map<String, Function> functions;

    private TextFunctions() {
        Map<String, Function> all = new TreeMap<>();
        Table table = new Table(all);
        ElementwiseFunctions.addTo(table);
        ReductionFunctions.addTo(table);
        ShapeFunctions.addTo(table);
        this.functions = Map.copyOf(all);
    }

    /** The function of a name, or null if there is none. */
    @Nullable
    Function find(String name) {
        return functions.get(name);
    }

    Collection<String> names() {
        return functions.keySet();
    }

    /** The functions while they are put together. */
    record Table(Map<String, Function> functions) {
        /** Adds a function of this {@link Signature} under its name and others. */
        void add(String signature, TensorBody body, String... otherNames) {
            addAny(signature, call -> new Argument.Value(body.apply(call)), otherNames);
        }

        void addAny(String signature, Body body, String... otherNames) {
            Signature parsed = Signature.parse(signature);
            functions.put(parsed.name(), new Function(parsed, body));
            for (String name : otherNames) {
                functions.put(name, new Function(new Signature(name, parsed.parameters()), body));
            }
        }
    }
}
