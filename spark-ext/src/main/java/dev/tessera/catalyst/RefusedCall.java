package dev.tessera.catalyst;

import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;

/** A call that cannot be made: Spark's analyzer refuses it with the reason and the place in the query. Never evaluated. */
public final class RefusedCall extends CatalystExpression {
    private static final long serialVersionUID = 1;

    private final String functionName;
    private final String reason;

    /** Arguments in the order of {@link #productElement}, as Spark copies trees by calling the constructor with them. */
    public RefusedCall(String functionName, String reason, Seq<Expression> arguments) {
        super(arguments);
        this.functionName = functionName;
        this.reason = reason;
    }

    /** A call of {@code functionName} with some arguments that is refused for a reason, a sentence of its own. */
    public static RefusedCall of(String functionName, String reason, List<Expression> arguments) {
        return new RefusedCall(functionName, reason, ScalaInterop.seq(arguments));
    }

    @Override
    Expression withChildren(Seq<Expression> newChildren) {
        return new RefusedCall(functionName, reason, newChildren);
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        return new TypeCheckResult.TypeCheckFailure(reason);
    }

    @Override
    public DataType dataType() {
        return DataTypes.NullType;
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public Object eval(@Nullable InternalRow row) {
        throw new IllegalStateException("A refused call is evaluated: " + reason);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode result) {
        throw new IllegalStateException("A refused call is compiled: " + reason);
    }

    @Override
    public String prettyName() {
        return functionName;
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> functionName;
            case 1 -> reason;
            case 2 -> children();
            default -> throw new IndexOutOfBoundsException(Integer.toString(index));
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof RefusedCall;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RefusedCall call
                && call.functionName.equals(functionName)
                && call.reason.equals(reason)
                && call.children().equals(children());
    }

    @Override
    public int hashCode() {
        return Objects.hash(functionName, reason, children());
    }
}
