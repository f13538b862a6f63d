package dev.tessera.catalyst;

import dev.tessera.compile.OnBadRow;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreeNodeTag;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;

/**
 * A function called with columns. Evaluates one row by itself, so that every position in a query is right; where a
 * position allows it, {@link LiftTensorCalls} has {@link TensorMapExec} evaluate many rows at once instead.
 *
 * <p>Null if a column is null. Used by one thread once it evaluates; what it opens is closed when the Spark task ends.
 */
public final class TensorCall extends CatalystExpression {
    private static final long serialVersionUID = 1;
    private static final TreeNodeTag<Boolean> FOR_EVERY_ROW = new TreeNodeTag<>("tessera.forEveryRow");

    private final CallTarget target;
    private transient @Nullable RowEvaluator evaluator;

    /** Arguments in the order of {@link #productElement}, as Spark copies trees by calling the constructor with them. */
    public TensorCall(CallTarget target, Seq<Expression> children) {
        super(children);
        this.target = target;
    }

    /** Marks this call as one that may be evaluated for every row, wherever in an expression it is. */
    TensorCall forEveryRow() {
        setTagValue(FOR_EVERY_ROW, true);
        return this;
    }

    boolean isForEveryRow() {
        return getTagValue(FOR_EVERY_ROW).isDefined();
    }

    CallTarget target() {
        return target;
    }

    FunctionHandle function() {
        return target.function();
    }

    @Override
    Expression withChildren(Seq<Expression> newChildren) {
        return new TensorCall(target, newChildren);
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        String error = target.error();
        return error == null ? TypeCheckResult.TypeCheckSuccess$.MODULE$ : new TypeCheckResult.TypeCheckFailure(error);
    }

    @Override
    public DataType dataType() {
        return target.dataType();
    }

    /** What the metadata of a column of this call's results says. */
    public Metadata metadata() {
        return target.metadata();
    }

    @Override
    public boolean nullable() {
        return function().onBadRow() == OnBadRow.NULL || inputs().stream().anyMatch(Expression::nullable);
    }

    /** Of constants alone, Spark's optimizer evaluates it once, and a table of VALUES may hold it. */
    @Override
    public boolean foldable() {
        return inputs().stream().allMatch(Expression::foldable);
    }

    /** Spark 4.2 asks, and then does not evaluate the call twice to push a filter down. */
    public boolean expensive() {
        return true;
    }

    @Override
    public @Nullable Object eval(@Nullable InternalRow row) {
        List<Expression> inputs = inputs();
        Object[] values = new Object[inputs.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = inputs.get(i).eval(row);
        }
        return evaluate(values);
    }

    /** The result for one row's values of the columns; what generated code calls. */
    public @Nullable Object evaluate(@Nullable Object[] values) {
        for (Object value : values) {
            if (value == null) {
                return null;
            }
        }
        RowEvaluator current = evaluator;
        if (current == null || !current.isOpenHere()) {
            current = RowEvaluator.open(target);
            evaluator = current;
        }
        return current.evaluate(values);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode result) {
        return CallCode.generate(this, inputs(), context, result);
    }

    @Override
    public String prettyName() {
        return "tensor";
    }

    @Override
    public String toString() {
        return "tensor[%s](%s)".formatted(function().expression(), text(inputs(), false));
    }

    @Override
    public String sql() {
        String name = target.name();
        String text = name == null ? "tensor[%s]".formatted(function().expression()) : name;
        // Constants are part of the function.
        String arguments = inputs().isEmpty() && name != null ? function().expression() : text(inputs(), true);
        return text + "(" + arguments + ")";
    }

    private static String text(List<Expression> inputs, boolean isSql) {
        return String.join(
                ", ",
                inputs.stream()
                        .map(input -> isSql ? input.sql() : input.toString())
                        .toList());
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> target;
            case 1 -> children();
            default -> throw new IndexOutOfBoundsException(Integer.toString(index));
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof TensorCall;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TensorCall call
                && call.target.equals(target)
                && call.children().equals(children());
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, children());
    }
}
