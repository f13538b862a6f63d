package dev.tessera.catalyst;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * How the operator makes its rows: which calls it evaluates over which columns of the child, which columns pass through,
 * and the fields of the row it writes, each one of the two. Where the project list is more than a choice of fields, a
 * projection of that row follows. Immutable.
 */
final class MapLayout implements Serializable {
    private static final long serialVersionUID = 1;

    private final List<CallTarget> calls = new ArrayList<>();
    private final List<int[]> callOrdinals = new ArrayList<>();
    private final List<Integer> passOrdinals = new ArrayList<>();
    private final List<DataType> passTypes = new ArrayList<>();
    private final List<DataType> inputTypes = new ArrayList<>();
    private final List<Integer> fields = new ArrayList<>();
    private final List<Attribute> rowAttributes = new ArrayList<>();
    private @Nullable List<Expression> projection;

    private MapLayout() {}

    static MapLayout of(List<NamedExpression> projectList, List<Attribute> input) {
        MapLayout layout = new MapLayout();
        Map<ExprId, Integer> ordinals = new HashMap<>();
        for (int i = 0; i < input.size(); i++) {
            ordinals.putIfAbsent(input.get(i).exprId(), i);
            layout.inputTypes.add(input.get(i).dataType());
        }
        List<Expression> expressions = new ArrayList<>();
        projectList.forEach(named -> expressions.add((Expression) named));
        Map<Expression, Attribute> results = new LinkedHashMap<>();
        List<Attribute> resultAttributes = new ArrayList<>();
        for (TensorCall call : LiftableCalls.of(expressions)) {
            layout.addCall(call, ordinals);
            Attribute result = CallReplacement.alias(call, "tensor_result", call.metadata())
                    .toAttribute();
            results.put(call.canonicalized(), result);
            resultAttributes.add(result);
        }
        List<Expression> outputs = new ArrayList<>();
        expressions.forEach(expression -> outputs.add(CallReplacement.replaceUp(expression, results)));
        layout.addFields(outputs, resultAttributes, ordinals);
        return layout;
    }

    private void addCall(TensorCall call, Map<ExprId, Integer> ordinals) {
        List<Expression> inputs = call.inputs();
        int[] found = new int[inputs.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = ordinal((Attribute) inputs.get(i), ordinals);
        }
        calls.add(call.target());
        callOrdinals.add(found);
    }

    private static int ordinal(Attribute attribute, Map<ExprId, Integer> ordinals) {
        Integer ordinal = ordinals.get(attribute.exprId());
        if (ordinal == null) {
            throw new IllegalStateException("Column %s is not among the input %s".formatted(attribute, ordinals));
        }
        return ordinal;
    }

    /** Lays the row out: in the order of the outputs if each is a field, else columns and results, to be projected. */
    private void addFields(List<Expression> outputs, List<Attribute> results, Map<ExprId, Integer> ordinals) {
        boolean isChoice = outputs.stream().allMatch(output -> source(output) != null);
        if (isChoice) {
            outputs.forEach(output ->
                    addField((Attribute) java.util.Objects.requireNonNull(source(output)), results, ordinals));
            return;
        }
        Map<ExprId, Attribute> read = new LinkedHashMap<>();
        for (Expression output : outputs) {
            ScalaInterop.list(output.references().toSeq())
                    .forEach(attribute -> read.put(attribute.exprId(), attribute));
        }
        read.values().forEach(attribute -> addField(attribute, results, ordinals));
        projection = outputs;
    }

    private static @Nullable Expression source(Expression output) {
        Expression source = output instanceof Alias alias ? alias.child() : output;
        return source instanceof Attribute ? source : null;
    }

    private void addField(Attribute attribute, List<Attribute> results, Map<ExprId, Integer> ordinals) {
        rowAttributes.add(attribute);
        for (int call = 0; call < results.size(); call++) {
            if (results.get(call).exprId().equals(attribute.exprId())) {
                fields.add(-1 - call);
                return;
            }
        }
        int ordinal = ordinal(attribute, ordinals);
        int pass = passOrdinals.indexOf(ordinal);
        if (pass < 0) {
            pass = passOrdinals.size();
            passOrdinals.add(ordinal);
            passTypes.add(inputTypes.get(ordinal));
        }
        fields.add(pass);
    }

    List<CallTarget> calls() {
        return calls;
    }

    /** Where the columns of a call are in the input. */
    int[] callOrdinals(int call) {
        return callOrdinals.get(call).clone();
    }

    int[] passOrdinals() {
        return passOrdinals.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether each column that passes through is one word of its row, and not a reference into it. */
    boolean[] passIsFixed() {
        boolean[] isFixed = new boolean[passTypes.size()];
        for (int i = 0; i < isFixed.length; i++) {
            isFixed[i] = UnsafeRow.isFixedLength(passTypes.get(i));
        }
        return isFixed;
    }

    /** The fields of the row that is written: a column that passes through, or {@code -1 - call}. */
    int[] fields() {
        return fields.stream().mapToInt(Integer::intValue).toArray();
    }

    List<DataType> inputTypes() {
        return inputTypes;
    }

    List<Attribute> rowAttributes() {
        return rowAttributes;
    }

    /** The projection that follows, over {@link #rowAttributes}; null if the row is the output. */
    @Nullable
    List<Expression> projection() {
        return projection;
    }
}
