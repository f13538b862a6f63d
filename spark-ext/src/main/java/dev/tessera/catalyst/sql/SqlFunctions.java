package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.FunctionDefinition;
import dev.tessera.catalyst.TensorCall;
import dev.tessera.catalyst.TensorCallBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple3;

/** Puts the functions that SQL finds by name into sessions. */
public final class SqlFunctions {
    /** Configuration keys that begin so name the file of a saved function, by the function's name. */
    public static final String SAVED_PREFIX = "spark.tessera.functions.";

    private static final Logger LOG = LoggerFactory.getLogger(SqlFunctions.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private SqlFunctions() {}

    /**
     * Into the sessions that are built with these extensions, with the saved functions that a configuration names.
     *
     * @throws IllegalArgumentException if a setting of Tessera has a value that it does not take
     */
    public static void injectInto(
            SparkSessionExtensions extensions, TensorCallBuilder calls, Map<String, String> configuration) {
        SettingsReview.check(configuration);
        for (NamedCall function : functions(calls, configuration)) {
            extensions.injectFunction(
                    new Tuple3<>(new FunctionIdentifier(function.name()), description(function), function));
        }
    }

    /**
     * Into a running session.
     *
     * @throws IllegalArgumentException if a setting of Tessera has a value that it does not take
     */
    public static void installInto(SparkSession session, TensorCallBuilder calls, Map<String, String> configuration) {
        SettingsReview.check(configuration);
        functions(calls, configuration).forEach(function -> register(session, function));
    }

    /**
     * Registers a function in a session under a name, in place of another of Tessera's, but not of Spark's own.
     *
     * @throws IllegalArgumentException if it is no name that SQL can call, or Spark has a function of that name
     */
    public static void register(
            SparkSession session, TensorCallBuilder calls, String name, FunctionDefinition definition) {
        String reason = refusal(name);
        if (reason != null) {
            throw new IllegalArgumentException("Cannot register a function: " + reason);
        }
        register(session, new DefinedFunction(name, calls, () -> definition));
    }

    private static void register(SparkSession session, NamedCall function) {
        session.sessionState()
                .functionRegistry()
                .registerFunction(new FunctionIdentifier(function.name()), description(function), function);
    }

    private static List<NamedCall> functions(TensorCallBuilder calls, Map<String, String> configuration) {
        List<NamedCall> functions = new ArrayList<>();
        functions.add(new TensorEvalFunction(calls));
        functions.add(new TensorColumnFunction());
        configuration.forEach((key, path) -> {
            if (key.startsWith(SAVED_PREFIX)) {
                String name = key.substring(SAVED_PREFIX.length());
                String reason = refusal(name);
                if (reason == null) {
                    functions.add(new DefinedFunction(name, calls, new SavedFunction(key, path)));
                } else {
                    LOG.warn("Cannot register the function that {} names: {}", key, reason);
                }
            }
        });
        return functions;
    }

    /** Why no function can have a name; null if one can. */
    private static @Nullable String refusal(String name) {
        if (!NAME.matcher(name).matches()) {
            return "'%s' is no name for SQL; use letters, digits and _".formatted(name);
        }
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isTaken = List.of(TensorCallBuilder.FUNCTION_NAME, TensorEvalFunction.NAME, TensorColumnFunction.NAME)
                        .contains(lower)
                || FunctionRegistry$.MODULE$.builtin().functionExists(new FunctionIdentifier(lower));
        return isTaken ? "there is a function '%s' already; use another name".formatted(lower) : null;
    }

    private static ExpressionInfo description(NamedCall function) {
        return new ExpressionInfo(
                TensorCall.class.getName(), null, function.name(), function.usage(), "", "", "", "", "", "", "");
    }
}
