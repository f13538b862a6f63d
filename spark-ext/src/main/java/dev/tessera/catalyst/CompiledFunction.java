package dev.tessera.catalyst;

import dev.tessera.compile.CompiledGraph;
import dev.tessera.compile.PlanCompiler;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag$;

/**
 * A function on the driver: compiled, and broadcast when first executed. Query plans that call it keep it alive; with the
 * last of them goes the broadcast, which Spark's context cleaner then removes from all executors. Thread-safe.
 */
final class CompiledFunction {
    private final String digest;
    private final FunctionDefinition definition;
    private final CompiledGraph compiled;
    private final FunctionCargo cargo;
    private final DriverFunctions owner;
    private @Nullable Shipment shipment;

    private record Shipment(SparkContext context, Broadcast<FunctionCargo> broadcast) {}

    CompiledFunction(String digest, FunctionDefinition definition, DriverFunctions owner) {
        this.digest = digest;
        this.definition = definition;
        this.owner = owner;
        this.compiled = PlanCompiler.compile(definition.graph());
        this.cargo = FunctionCargo.of(compiled.plan(), compiled.constants(), definition.parameters());
    }

    /** The identity of the function: the SHA-256 of its bytes, in lower-case hex. */
    String digest() {
        return digest;
    }

    FunctionDefinition definition() {
        return definition;
    }

    CompiledGraph compiled() {
        return compiled;
    }

    FunctionCargo cargo() {
        return cargo;
    }

    /** The broadcast of the cargo in a running context, made at the first call. */
    synchronized Broadcast<FunctionCargo> broadcast(SparkContext context) {
        Shipment current = shipment;
        if (current == null || current.context() != context) {
            current = new Shipment(context, context.broadcast(cargo, ClassTag$.MODULE$.apply(FunctionCargo.class)));
            shipment = current;
        }
        return current.broadcast();
    }

    ReceiptAccumulator receipts(SparkContext context) {
        return owner.receipts(context);
    }
}
