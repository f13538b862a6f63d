package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plugin.RuntimeHolder;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import scala.Option;

/** One local session with Tessera for all the test classes of a JVM that register this, stopped with the JVM. */
public final class SparkSessions implements BeforeAllCallback, AfterAllCallback {
    private static final int WAITS = 4000;

    @Override
    public void beforeAll(ExtensionContext context) {
        session();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        SparkSession.setActiveSession(session());
    }

    /** The session: two threads, two shuffle partitions, Tessera through {@code spark.sql.extensions}. */
    public static SparkSession session() {
        SparkSession session = builder().getOrCreate();
        SparkSession.setActiveSession(session);
        return session;
    }

    /** Stops the session that runs, if there is one, and all that was started for it, and starts another one. */
    static SparkSession restart(Map<String, String> settings) {
        stop();
        SparkSession.Builder builder = builder();
        settings.forEach(builder::config);
        SparkSession session = builder.getOrCreate();
        SparkSession.setActiveSession(session);
        return session;
    }

    /** Stops the session that runs; who asks for it next gets a new one. */
    static void stop() {
        Option<SparkContext> running = SparkContext$.MODULE$.getActive();
        if (running.isDefined()) {
            running.get().stop();
        }
        RuntimeHolder.close();
    }

    /** Waits for tasks of jobs that were cancelled, which end after them, and requires that no other one is open. */
    static void requireNoOpenTask() throws InterruptedException {
        for (int i = 0; i < WAITS && RuntimeHolder.nativeBytes() > 0; i++) {
            Thread.sleep(5);
        }
        assertThat(RuntimeHolder.nativeBytes()).as("bytes of open tasks").isZero();
    }

    /** Whether a class runs in the session of the one that it is declared in. */
    static boolean isNested(ExtensionContext context) {
        return context.getRequiredTestClass().isAnnotationPresent(Nested.class);
    }

    /** Makes that session, or one like it. */
    static SparkSession.Builder builder() {
        return SparkSession.builder()
                .master("local[2]")
                .appName("tessera-tests")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.unsafe.exceptionOnMemoryLeak", true)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.extensions", TesseraExtensions.class.getName());
    }
}
