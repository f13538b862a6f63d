package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How an op reads as a call in the text language: its name, whether its inputs are one tuple, and its arguments. */
public record OpSignature(String name, boolean isTuple, List<String> arguments) {
    public OpSignature {
        arguments = List.copyOf(arguments);
    }

    public static OpSignature of(Apply apply) {
        return of(apply.op(), apply.inputs());
    }

    static OpSignature of(Op op, List<? extends Tensor> inputs) {
        return op.accept(new Signatures(inputs));
    }

    /** The call with these texts for its inputs. */
    String call(List<String> inputs) {
        List<String> all = new ArrayList<>();
        if (isTuple) {
            all.add("(" + String.join(", ", inputs) + ")");
        } else {
            all.addAll(inputs);
        }
        all.addAll(arguments);
        return name + "(" + String.join(", ", all) + ")";
    }

    private record Signatures(List<? extends Tensor> inputs) implements Op.Visitor<OpSignature> {
        private static OpSignature call(String name, String... arguments) {
            return new OpSignature(name, false, List.of(arguments));
        }

        private int rank() {
            return inputs.isEmpty() ? 0 : inputs.get(0).rank();
        }

        @Override
        public OpSignature visit(Op.Elementwise op) {
            return call(OpSignature.name(op.scalar()));
        }

        @Override
        public OpSignature visit(Op.Cast op) {
            return call("cast", op.dtype().numpyName());
        }

        @Override
        public OpSignature visit(Op.Reduce op) {
            return reduction(op.combine().toString(), op.axes(), op.keepDims());
        }

        private OpSignature reduction(String name, List<Integer> axes, boolean keepDims) {
            List<String> arguments = new ArrayList<>();
            if (axes.size() != rank() || (rank() > 1 && name.startsWith("arg"))) {
                arguments.add("axis=" + (axes.size() == 1 ? "" + axes.get(0) : tuple(axes)));
            }
            if (keepDims) {
                arguments.add("keepdims=True");
            }
            return new OpSignature(name, false, arguments);
        }

        @Override
        public OpSignature visit(Op.MatMul op) {
            return call("matmul");
        }

        @Override
        public OpSignature visit(Op.Reshape op) {
            return call("reshape", sizes(op.shape()));
        }

        @Override
        public OpSignature visit(Op.DimShuffle op) {
            boolean permutes =
                    !op.order().contains(Op.DimShuffle.NEW_AXIS) && op.order().size() == rank();
            if (!permutes) {
                String order = op.order().stream()
                        .map(axis -> axis == Op.DimShuffle.NEW_AXIS ? "'x'" : "" + axis)
                        .collect(Collectors.joining(", ", "(", ")"));
                return call("dimshuffle", order);
            }
            boolean reverses =
                    IntStream.range(0, rank()).allMatch(i -> op.order().get(i) == rank() - 1 - i);
            return reverses ? call("transpose") : call("transpose", tuple(op.order()));
        }

        @Override
        public OpSignature visit(Op.BroadcastTo op) {
            return call("broadcast_to", sizes(op.shape()));
        }

        @Override
        public OpSignature visit(Op.Slice op) {
            return call("slice", subscript(op, inputs));
        }

        @Override
        public OpSignature visit(Op.Diagonal op) {
            return call("diagonal", "" + op.offset(), "" + op.axis1(), "" + op.axis2());
        }

        @Override
        public OpSignature visit(Op.Concat op) {
            return new OpSignature("concatenate", true, List.of("axis=" + op.axis()));
        }

        @Override
        public OpSignature visit(Op.Pad op) {
            String widths = IntStream.range(
                            0, Math.min(op.before().size(), op.after().size()))
                    .mapToObj(axis -> "(%d, %d)"
                            .formatted(op.before().get(axis), op.after().get(axis)))
                    .collect(Collectors.joining(", ", "(", ")"));
            return call("pad", widths);
        }

        @Override
        public OpSignature visit(Op.Take op) {
            return call("take", "axis=" + op.axis());
        }

        @Override
        public OpSignature visit(Op.TopK op) {
            return call("topk", "" + op.k(), "axis=" + op.axis());
        }

        @Override
        public OpSignature visit(Op.CumulativeSum op) {
            return rank() == 1 ? call("cumsum") : call("cumsum", "axis=" + op.axis());
        }

        @Override
        public OpSignature visit(Op.Softmax op) {
            String name = op.log() ? "log_softmax" : "softmax";
            return op.axis() == rank() - 1 ? call(name) : call(name, "axis=" + op.axis());
        }

        @Override
        public OpSignature visit(Op.LogSumExp op) {
            return reduction("logsumexp", op.axes(), op.keepDims());
        }

        @Override
        public OpSignature visit(Op.Gemm op) {
            ScalarOp activation = op.activation();
            return activation == null ? call("gemm") : call("gemm", "activation=" + OpSignature.name(activation));
        }

        @Override
        public OpSignature visit(Op.Syrk op) {
            return call("syrk");
        }

        @Override
        public OpSignature visit(Op.Fused op) {
            return call("fused", "{" + op.program() + "}");
        }
    }

    /** What stands between the brackets of a slice. */
    static String subscript(Op.Slice op, List<? extends Tensor> inputs) {
        List<String> ranges = new ArrayList<>();
        for (int axis = 0; axis < op.ranges().size(); axis++) {
            Op.Slice.Range range = op.ranges().get(axis);
            boolean whole = range.step() == 1
                    && axis < inputs.get(0).rank()
                    && range.length().equals(inputs.get(0).shape().dim(axis));
            String end = end(range);
            String step = range.step() == 1 ? "" : ":" + range.step();
            boolean toEdge = range.step() < 0 && end.startsWith("-");
            ranges.add(whole ? ":" : range.start() + ":" + (toEdge ? "" : end) + step);
        }
        return String.join(", ", ranges);
    }

    /** Where a range ends, or … where no dim can say it: the ranges of an op that is refused may be anything. */
    private static String end(Op.Slice.Range range) {
        try {
            return range.start().plus(range.length().times(range.step())).toString();
        } catch (ArithmeticException | IllegalArgumentException e) {
            return "…";
        }
    }

    private static String sizes(Shape shape) {
        return shape.dims().stream()
                .map(Object::toString)
                .collect(Collectors.joining(", ", "(", shape.rank() == 1 ? ",)" : ")"));
    }

    private static String tuple(List<Integer> axes) {
        return axes.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", axes.size() == 1 ? ",)" : ")"));
    }

    /** The name of a scalar function in the text language: NumPy's, or PyTorch's where NumPy has none. */
    static String name(ScalarOp op) {
        return switch (op) {
            case IS_NAN -> "isnan";
            case IS_FINITE -> "isfinite";
            case NEGATIVE,
                    ABS,
                    SIGN,
                    SQUARE,
                    RECIPROCAL,
                    FLOOR,
                    CEIL,
                    ROUND,
                    EXP,
                    EXPM1,
                    LOG,
                    LOG1P,
                    LOG2,
                    SQRT,
                    RSQRT,
                    SIN,
                    COS,
                    TAN,
                    TANH,
                    SIGMOID,
                    SOFTPLUS,
                    RELU,
                    GELU,
                    ERF,
                    LOGICAL_NOT,
                    ADD,
                    SUBTRACT,
                    MULTIPLY,
                    DIVIDE,
                    FLOOR_DIVIDE,
                    MOD,
                    POWER,
                    MINIMUM,
                    MAXIMUM,
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_EQUAL,
                    GREATER,
                    GREATER_EQUAL,
                    LOGICAL_AND,
                    LOGICAL_OR,
                    LOGICAL_XOR,
                    WHERE -> op.toString();
        };
    }

    /** The verb of an error message about a scalar function. */
    static String verb(ScalarOp op) {
        return switch (op) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> op.toString();
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> "compare";
            default -> "apply " + name(op) + " to";
        };
    }

    /** The operator of a scalar function, or null if it is written as a call. */
    static @Nullable String operator(ScalarOp op) {
        return switch (op) {
            case NEGATIVE, SUBTRACT -> "-";
            case ADD -> "+";
            case MULTIPLY -> "*";
            case DIVIDE -> "/";
            case FLOOR_DIVIDE -> "//";
            case MOD -> "%";
            case POWER -> "**";
            case EQUAL -> "==";
            case NOT_EQUAL -> "!=";
            case LESS -> "<";
            case LESS_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_EQUAL -> ">=";
            case LOGICAL_AND -> "&";
            case LOGICAL_OR -> "|";
            case LOGICAL_XOR -> "^";
            case LOGICAL_NOT -> "~";
            default -> null;
        };
    }
}
