package dev.tessera.catalyst;

import java.lang.ref.WeakReference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The functions that a driver's query plans call, by digest, and what was reported of them. A function that no plan calls
 * any more is forgotten. Thread-safe.
 */
public final class DriverFunctions {
    private final Map<String, WeakReference<CompiledFunction>> functions = new HashMap<>();
    private @Nullable ReceiptAccumulator receipts;
    private @Nullable SparkContext receiptsContext;

    /**
     * The function of some bytes, compiled once while in use.
     *
     * @throws IllegalArgumentException if they are not the bytes of a function
     */
    synchronized CompiledFunction resolve(byte[] bytes) {
        String digest = sha256(bytes);
        WeakReference<CompiledFunction> known = functions.get(digest);
        CompiledFunction function = known == null ? null : known.get();
        if (function == null) {
            functions.values().removeIf(reference -> reference.get() == null);
            function = new CompiledFunction(digest, FunctionSerializer.read(bytes), this);
            functions.put(digest, new WeakReference<>(function));
        }
        return function;
    }

    /** How many functions are in use, or were when garbage was last collected. */
    synchronized int size() {
        functions.values().removeIf(reference -> reference.get() == null);
        return functions.size();
    }

    /** The accumulator of receipts of a running context, registered at the first call. */
    public synchronized ReceiptAccumulator receipts(SparkContext context) {
        ReceiptAccumulator current = receipts;
        if (current == null || receiptsContext != context) {
            current = new ReceiptAccumulator();
            context.register(current, "tessera.receipts");
            receipts = current;
            receiptsContext = context;
        }
        return current;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
