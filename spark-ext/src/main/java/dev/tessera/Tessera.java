package dev.tessera;

import dev.tessera.catalyst.DriverFunctions;
import dev.tessera.catalyst.ExecutionReceipt;
import dev.tessera.catalyst.TensorCallBuilder;
import dev.tessera.catalyst.TesseraRules;
import dev.tessera.catalyst.sql.ClusterConfiguration;
import dev.tessera.catalyst.sql.SettingsReview;
import dev.tessera.catalyst.sql.SqlFunctions;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Tessera in a Spark session: puts it there, and says what it ran. */
public final class Tessera {
    private static final String CLASSIC_SESSION = "org.apache.spark.sql.classic.SparkSession";

    private Tessera() {}

    /**
     * Puts Tessera into a running session. Does nothing if it is there, by this or by
     * {@code spark.sql.extensions=dev.tessera.TesseraExtensions}, which is to be preferred: sessions that are made from it
     * later have it too.
     *
     * @throws IllegalArgumentException if a setting of Tessera has a value that it does not take
     */
    public static void install(SparkSession session) {
        requireHere(session, "install Tessera");
        if (!isInstalled(session)) {
            TensorCallBuilder calls = new TensorCallBuilder(new DriverFunctions());
            SqlFunctions.installInto(session, calls, ClusterConfiguration.of(session));
            TesseraRules.installInto(session, calls);
        }
    }

    /**
     * Registers a function in a session, for SQL and {@code call_function}: {@code SELECT mnist_mlp(pixels) FROM images}.
     * Its columns are those of {@link TensorFunction#variables()}, in that order. Replaces one of that name.
     *
     * @throws IllegalArgumentException if a parameter is unbound, SQL cannot call such a name, or Spark has such a function
     * @throws IllegalStateException if the session has no Tessera; the message says what to add
     */
    public static void register(SparkSession session, String name, TensorFunction function) {
        function.requireParameters();
        requireHere(session, "register '" + name + "'");
        TensorCallBuilder calls = TesseraRules.installedIn(session);
        if (calls == null) {
            throw new IllegalStateException("Cannot register '%s': %s".formatted(name, remedy()));
        }
        SqlFunctions.register(session, calls, name, function.definition());
    }

    /**
     * Whether a session has Tessera.
     *
     * @throws IllegalStateException if it is a client's of Spark Connect, which cannot tell
     */
    public static boolean isInstalled(SparkSession session) {
        requireHere(session, "look for Tessera");
        return TesseraRules.installedIn(session) != null;
    }

    /**
     * What ran of Tessera in the last execution that called it.
     *
     * @throws IllegalStateException if none did
     */
    public static TensorReport report(SparkSession session) {
        List<ExecutionReceipt> receipts = receipts(session);
        if (receipts.isEmpty()) {
            throw new IllegalStateException(
                    "Cannot report: no execution has called a tensor function; run an action on a DataFrame that does");
        }
        return new TensorReport(receipts.get(receipts.size() - 1), SettingsReview.withoutEffect(session));
    }

    /**
     * What ran of Tessera in all executions under a job description, as {@code sparkContext().setJobDescription} sets it.
     *
     * @throws IllegalStateException if there is none
     */
    public static TensorReport report(SparkSession session, String description) {
        List<ExecutionReceipt> receipts = receipts(session);
        return receipts.stream()
                .filter(receipt -> receipt.name().equals(description))
                .reduce(ExecutionReceipt::plus)
                .map(receipt -> new TensorReport(receipt, SettingsReview.withoutEffect(session)))
                .orElseThrow(() -> new IllegalStateException("Cannot report on '%s': there are %s"
                        .formatted(
                                description,
                                receipts.stream()
                                        .map(ExecutionReceipt::name)
                                        .distinct()
                                        .toList())));
    }

    private static List<ExecutionReceipt> receipts(SparkSession session) {
        requireHere(session, "report");
        TensorCallBuilder builder = TesseraRules.installedIn(session);
        if (builder == null) {
            throw new IllegalStateException("Cannot report: " + remedy());
        }
        return builder.functions().receipts(session.sparkContext()).value();
    }

    /** Fails if the session of this thread is one that runs here and has no Tessera. */
    static void requireActive() {
        Option<SparkSession> active = SparkSession.getActiveSession();
        Option<SparkSession> session = active.isDefined() ? active : SparkSession.getDefaultSession();
        if (session.isDefined() && isHere(session.get()) && !isInstalled(session.get())) {
            throw new IllegalStateException("Cannot apply a tensor function: " + remedy());
        }
    }

    private static boolean isHere(SparkSession session) {
        return session.getClass().getName().equals(CLASSIC_SESSION);
    }

    /** A client of Spark Connect has expressions and plans of the server's in no form. */
    private static void requireHere(SparkSession session, String what) {
        if (!isHere(session)) {
            throw new IllegalStateException(
                    ("Cannot %s: this is a client's session of Spark Connect; configure the server with"
                                    + " spark.sql.extensions=dev.tessera.TesseraExtensions, and name saved functions there with"
                                    + " spark.tessera.functions.NAME")
                            .formatted(what));
        }
    }

    private static String remedy() {
        return "this Spark session has no Tessera; start it with "
                + "spark.sql.extensions=dev.tessera.TesseraExtensions, or call Tessera.install(spark)";
    }
}
