package dev.tessera.text;

import java.util.ArrayList;
import java.util.List;

/**
 * How a function is called, from a text such as {@code sum(a, axis|dim=, *, keepdims=)}: {@code =} marks what may be left
 * out, {@code |} other names of the same argument, {@code *} that those after it need their names, and {@code *name} any
 * number of arguments.
 */
record Signature(String name, List<Parameter> parameters) {
    record Parameter(List<String> names, boolean isOptional, boolean needsName, boolean isVariadic) {
        Parameter {
            names = List.copyOf(names);
        }

        String name() {
            return names.get(0);
        }

        @Override
        public String toString() {
            return (isVariadic ? "*" : "") + name() + (isOptional ? "=" : "");
        }
    }

    Signature {
        parameters = List.copyOf(parameters);
    }

    static Signature parse(String text) {
        int open = text.indexOf('(');
        List<Parameter> parameters = new ArrayList<>();
        boolean needsName = false;
        for (String part : List.of(text.substring(open + 1, text.length() - 1).split(", "))) {
            if (part.equals("*")) {
                needsName = true;
                continue;
            }
            boolean isVariadic = part.startsWith("*");
            boolean isOptional = part.endsWith("=");
            String names = part.substring(isVariadic ? 1 : 0, part.length() - (isOptional ? 1 : 0));
            parameters.add(new Parameter(List.of(names.split("\\|")), isOptional, needsName, isVariadic));
        }
        return new Signature(text.substring(0, open), parameters);
    }

    /** The parameter of a name, in place of others if it is variadic. */
    List<String> names() {
        return parameters.stream()
                .filter(parameter -> !parameter.isVariadic())
                .flatMap(parameter -> parameter.names().stream())
                .toList();
    }

    @Override
    public String toString() {
        return name + "("
                + String.join(", ", parameters.stream().map(Parameter::toString).toList()) + ")";
    }
}
