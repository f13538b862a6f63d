package dev.tessera.catalyst;

import dev.tessera.compile.OnBadRow;
import dev.tessera.runtime.TaskSpec;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * A function as a query plan names it: on the driver the compiled function itself, on an executor a broadcast. What Java
 * serialization writes of it is small and the same for every task. Equal when the functions are.
 */
final class FunctionHandle implements Serializable {
    private static final long serialVersionUID = 1;

    private final String digest;
    private final String expression;
    private final OnBadRow onBadRow;
    private final boolean allowInputDowncast;
    private final transient @Nullable CompiledFunction compiled;
    private final @Nullable Broadcast<FunctionCargo> broadcast;
    private final @Nullable ReceiptAccumulator receipts;

    FunctionHandle(CompiledFunction function) {
        this.digest = function.digest();
        this.expression = function.definition().expression();
        this.onBadRow = function.definition().options().onBadRow();
        this.allowInputDowncast = function.definition().options().allowInputDowncast();
        this.compiled = function;
        this.broadcast = null;
        this.receipts = null;
    }

    private FunctionHandle(FunctionHandle source, Broadcast<FunctionCargo> broadcast, ReceiptAccumulator receipts) {
        this.digest = source.digest;
        this.expression = source.expression;
        this.onBadRow = source.onBadRow;
        this.allowInputDowncast = source.allowInputDowncast;
        this.compiled = null;
        this.broadcast = broadcast;
        this.receipts = receipts;
    }

    String digest() {
        return digest;
    }

    /** The function's outputs as text, for messages. */
    String expression() {
        return expression;
    }

    OnBadRow onBadRow() {
        return onBadRow;
    }

    boolean allowInputDowncast() {
        return allowInputDowncast;
    }

    /** The compiled function; only on the driver. */
    CompiledFunction compiled() {
        if (compiled == null) {
            throw new IllegalStateException("Function " + digest + " was shipped, and is asked for its graph");
        }
        return compiled;
    }

    TaskSpec taskSpec() {
        return compiled != null
                ? compiled.cargo().taskSpec()
                : shipped().value().taskSpec();
    }

    /** Where a task or the driver reports what it ran; null on a driver without a Spark context. */
    @Nullable
    ReceiptAccumulator receipts() {
        if (compiled == null) {
            return receipts;
        }
        SparkContext context = activeContext();
        return context == null ? null : compiled.receipts(context);
    }

    private Broadcast<FunctionCargo> shipped() {
        if (broadcast == null) {
            throw new IllegalStateException("Function " + digest + " was shipped without its plan");
        }
        return broadcast;
    }

    private static @Nullable SparkContext activeContext() {
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        return active.isDefined() ? active.get() : null;
    }

    private Object writeReplace() {
        if (compiled == null) {
            return this;
        }
        SparkContext context = activeContext();
        if (context == null) {
            throw new IllegalStateException("Cannot ship %s: no Spark context is running".formatted(expression));
        }
        return new FunctionHandle(this, compiled.broadcast(context), compiled.receipts(context));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FunctionHandle handle && handle.digest.equals(digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return expression;
    }
}
