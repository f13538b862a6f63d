package dev.tessera.text;

import dev.tessera.expr.Constant;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.DType;
import java.util.List;

/** What a part of an expression's text stands for: a tensor, or what only an argument can be. */
sealed interface Argument {
    /** As an error message names it. */
    String noun();

    /** A tensor, a number among them. */
    record Value(Tensor tensor) implements Argument {
        @Override
        public String noun() {
            return tensor instanceof Constant constant && constant.isWeak() ? constant.toString() : "a tensor";
        }
    }

    /** A tuple, or a list. */
    record Sequence(List<Argument> elements, boolean isList) implements Argument {
        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public String noun() {
            return isList ? "a list" : "a tuple";
        }
    }

    /** A string. */
    record Text(String text) implements Argument {
        @Override
        public String noun() {
            return "'" + text + "'";
        }
    }

    /** A dtype by its bare name. */
    record Type(DType dtype) implements Argument {
        @Override
        public String noun() {
            return "the dtype " + dtype;
        }
    }

    /** {@code None}. */
    record None() implements Argument {
        @Override
        public String noun() {
            return "None";
        }
    }
}
