package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.plugin.TensorConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A local session of which all batches must run on a GPU, instead of that of {@link SparkSessions}, for a class's tests. */
public final class RealGpuSessions implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        stop();
        SparkSession.setActiveSession(
                SparkSessions.builder().config(TensorConf.DEVICE.key(), "gpu").getOrCreate());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(RuntimeHolder.nativeBytes()).as("bytes of open tasks").isZero();
        stop();
    }

    private static void stop() {
        SparkSession.getDefaultSession().foreach(session -> {
            session.stop();
            return null;
        });
        RuntimeHolder.close();
    }
}
