package dev.tessera.conformance;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Every scalar function and cast, over every dtype that it takes. */
final class ScalarCases {
    private static final List<DType> DTYPES =
            Arrays.stream(DType.values()).filter(DType::isComputable).toList();

    /** Sizes of the arguments, which broadcast; functions of fewer arguments take the first of them. */
    private static final long[][][] SHAPES = {
        {{}, {}, {}},
        {{0}, {0}, {0}},
        {{1}, {1}, {1}},
        {{31}, {31}, {31}},
        {{32}, {}, {32}},
        {{33}, {33}, {1}},
        {{255}, {255}, {255}},
        {{257}, {1}, {257}},
        {{4097}, {4097}, {}},
        {{5, 33}, {33}, {5, 1}},
        {{7, 1}, {1, 31}, {7, 31}},
        {{3, 0}, {1}, {3, 1}},
        {{2, 3, 32}, {3, 1}, {32}},
        {{2, 1, 3, 33}, {4, 1, 1}, {2, 4, 3, 33}}
    };

    /** How the arguments vary: each with each, over the shapes. */
    private static final Variation[][] VARIATIONS = {
        {Variation.ROW, Variation.ROW, Variation.CONSTANT},
        {Variation.ROW, Variation.CONSTANT, Variation.ROW},
        {Variation.UNKNOWN, Variation.UNKNOWN, Variation.UNKNOWN},
        {Variation.ROW, Variation.PARAMETER, Variation.PARAMETER},
        {Variation.PARAMETER, Variation.ROW, Variation.ROW},
        {Variation.PARAMETER, Variation.CONSTANT, Variation.PARAMETER},
        {Variation.CONSTANT, Variation.UNKNOWN, Variation.UNKNOWN}
    };

    private ScalarCases() {}

    static void addTo(Map<String, Supplier<List<ConformanceCase>>> rows) {
        for (ScalarOp op : ScalarOp.values()) {
            for (DType dtype : DTYPES) {
                if (op.accepts(dtype)) {
                    rows.put(op + " of " + dtype, () -> cases(op, dtype));
                }
            }
        }
        for (DType from : DTYPES) {
            for (DType to : DTYPES) {
                rows.put("cast of %s to %s".formatted(from, to), () -> casts(from, to));
            }
        }
    }

    private static List<ConformanceCase> cases(ScalarOp op, DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < SHAPES.length; i++) {
            // Coprime counts: a function of another code meets the shapes with other variations.
            Variation[] variation = VARIATIONS[(i + op.wireCode()) % VARIATIONS.length];
            boolean isConstant = op.arity() == 1 && variation[0] == Variation.CONSTANT;
            cases.add(scalarCase(op, dtype, SHAPES[i], isConstant ? VARIATIONS[0] : variation, 1 + i % 2 * 2));
        }
        return cases;
    }

    private static ConformanceCase scalarCase(
            ScalarOp op, DType dtype, long[][] sizes, Variation[] variation, int rowCount) {
        ConformanceCase.Builder builder = new ConformanceCase.Builder(op.wireCode(), rowCount);
        List<Tensor> arguments = new ArrayList<>();
        for (int i = 0; i < op.arity(); i++) {
            boolean isCondition = op == ScalarOp.WHERE && i == 0;
            String name = String.valueOf((char) ('a' + i));
            DType type = isCondition ? DType.BOOL : dtype;
            arguments.add(builder.input(name, variation[i], type, Values.SPECIAL, sizes[i]));
        }
        return builder.of(
                op.toString(), Apply.of(new Op.Elementwise(op), arguments).output());
    }

    private static List<ConformanceCase> casts(DType from, DType to) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < SHAPES.length; i++) {
            Variation variation = Variation.values()[i % 3];
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            Tensor x = builder.input("x", variation, from, Values.SPECIAL, SHAPES[i][0]);
            cases.add(builder.of("cast", Apply.of(new Op.Cast(to), x).output()));
        }
        return cases;
    }
}
