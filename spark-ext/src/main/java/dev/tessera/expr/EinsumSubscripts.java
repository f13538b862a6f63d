package dev.tessera.expr;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;

/**
 * The labels of the axes of operands and result that an einsum's subscripts give, such as {@code ...ij,...jk->...ik}. A
 * label is a letter's code; those of an ellipsis are negative, -1 the last axis, so that ellipses align at their ends.
 */
record EinsumSubscripts(List<List<Integer>> operands, List<Integer> result) {
    private static final String ELLIPSIS = "...";
    private static final String ARROW = "->";

    EinsumSubscripts {
        operands = List.copyOf(operands);
        result = List.copyOf(result);
    }

    static EinsumSubscripts parse(String subscripts, List<? extends Tensor> tensors) {
        String text = subscripts.replace(" ", "");
        int arrow = text.indexOf(ARROW);
        String[] parts = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
        if (parts.length != tensors.size()) {
            throw error(
                    subscripts,
                    tensors,
                    "it has subscripts for %d operands, and is given %d".formatted(parts.length, tensors.size()));
        }
        List<List<Integer>> operands = new ArrayList<>();
        int broadcast = 0;
        for (int i = 0; i < parts.length; i++) {
            int rank = tensors.get(i).rank();
            List<Integer> labels = labels(subscripts, tensors, parts[i], rank - letters(parts[i]));
            if (labels.size() != rank) {
                throw error(
                        subscripts,
                        tensors,
                        "'%s' names %d axes of an operand that has %d".formatted(parts[i], letters(parts[i]), rank));
            }
            operands.add(labels);
            broadcast = Math.max(broadcast, rank - letters(parts[i]));
        }
        List<Integer> result = arrow < 0
                ? implicitResult(operands, broadcast)
                : labels(subscripts, tensors, text.substring(arrow + ARROW.length()), broadcast);
        checkResult(subscripts, tensors, operands, result);
        return new EinsumSubscripts(operands, result);
    }

    private static int letters(String part) {
        return part.replace(ELLIPSIS, "").length();
    }

    /** The labels of one part, an ellipsis in it standing for {@code broadcast} axes. */
    private static List<Integer> labels(String subscripts, List<? extends Tensor> tensors, String part, int broadcast) {
        List<Integer> labels = new ArrayList<>();
        boolean hasEllipsis = false;
        int at = 0;
        while (at < part.length()) {
            char letter = part.charAt(at);
            if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')) {
                labels.add((int) letter);
                at++;
            } else if (part.startsWith(ELLIPSIS, at) && !hasEllipsis) {
                for (int axis = -broadcast; axis < 0; axis++) {
                    labels.add(axis);
                }
                hasEllipsis = true;
                at += ELLIPSIS.length();
            } else {
                throw error(subscripts, tensors, "'%s' is no letter and no single '...'".formatted(letter));
            }
        }
        return labels;
    }

    /** The axes of ellipses, then the letters that appear once, in order of their codes. */
    private static List<Integer> implicitResult(List<List<Integer>> operands, int broadcast) {
        TreeMap<Integer, Integer> uses = new TreeMap<>();
        operands.forEach(labels -> labels.forEach(label -> uses.merge(label, 1, Integer::sum)));
        List<Integer> result = new ArrayList<>();
        for (int axis = -broadcast; axis < 0; axis++) {
            result.add(axis);
        }
        uses.forEach((label, count) -> {
            if (label >= 0 && count == 1) {
                result.add(label);
            }
        });
        return result;
    }

    private static void checkResult(
            String subscripts, List<? extends Tensor> tensors, List<List<Integer>> operands, List<Integer> result) {
        HashSet<Integer> known = new HashSet<>();
        operands.forEach(known::addAll);
        for (int label : result) {
            if (!known.contains(label) || Collections.frequency(result, label) > 1) {
                String why = known.contains(label) ? "is twice in the result" : "is in the result and in no operand";
                throw error(subscripts, tensors, "'%s' %s".formatted(text(label), why));
            }
        }
        for (int label : known) {
            if (label < 0 && !result.contains(label)) {
                throw error(subscripts, tensors, "the result has no '...' for the axes that the operands have there");
            }
        }
    }

    static String text(int label) {
        return label < 0 ? ELLIPSIS : String.valueOf((char) label);
    }

    static TensorTypeException error(String subscripts, List<? extends Tensor> tensors, String why) {
        return TypeErrors.of("einsum", tensors, "'%s': %s".formatted(subscripts, why));
    }
}
