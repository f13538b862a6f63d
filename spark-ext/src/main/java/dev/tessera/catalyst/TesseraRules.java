package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.SparkStrategy;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.Option;
import scala.Tuple3;

/** Puts Tessera into a session: when it is built, through its extensions, or while it runs, through its state. */
public final class TesseraRules {
    private static final String USAGE =
            "_FUNC_(function, columns...) - Evaluates a compiled tensor function; call it through"
                    + " TensorFunction.apply.";

    private TesseraRules() {}

    /** Puts Tessera into the sessions that are built with these extensions. */
    public static void injectInto(SparkSessionExtensions extensions, TensorCallBuilder builder) {
        extensions.injectFunction(new Tuple3<>(identifier(), info(), builder));
        extensions.injectResolutionRule(session -> new DeclareTensorColumns());
        extensions.injectPreCBORule(session -> new LiftTensorCalls());
        extensions.injectPlannerStrategy(session -> new TensorStrategy());
    }

    /** Puts Tessera into a running session that has none. The rule then runs after Spark's own. */
    public static void installInto(SparkSession session, TensorCallBuilder builder) {
        session.sessionState().functionRegistry().registerFunction(identifier(), info(), builder);
        ExperimentalMethods methods = session.experimental();
        List<Rule<LogicalPlan>> rules = new ArrayList<>(ScalaInterop.list(methods.extraOptimizations()));
        rules.add(new LiftTensorCalls());
        methods.extraOptimizations_$eq(ScalaInterop.seq(rules));
        List<SparkStrategy> strategies = new ArrayList<>(ScalaInterop.list(methods.extraStrategies()));
        strategies.add(new TensorStrategy());
        methods.extraStrategies_$eq(ScalaInterop.seq(strategies));
    }

    /** What a session has of Tessera; null if it has none. */
    public static @Nullable TensorCallBuilder installedIn(SparkSession session) {
        Option<? extends Function1<?, Expression>> builder =
                session.sessionState().functionRegistry().lookupFunctionBuilder(identifier());
        return builder.isDefined() && builder.get() instanceof TensorCallBuilder calls ? calls : null;
    }

    private static FunctionIdentifier identifier() {
        return new FunctionIdentifier(TensorCallBuilder.FUNCTION_NAME);
    }

    private static ExpressionInfo info() {
        return new ExpressionInfo(
                TensorCall.class.getName(), null, TensorCallBuilder.FUNCTION_NAME, USAGE, "", "", "", "", "", "", "");
    }
}
