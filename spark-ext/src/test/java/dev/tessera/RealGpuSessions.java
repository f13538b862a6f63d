package dev.tessera;

import dev.tessera.plugin.TensorConf;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A local session of which all batches must run on a GPU, instead of that of {@link SparkSessions}, for a class's tests. */
public final class RealGpuSessions implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        if (!SparkSessions.isNested(context)) {
            SparkSessions.restart(Map.of(TensorConf.DEVICE.key(), "gpu"));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        SparkSessions.requireNoOpenTask();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!SparkSessions.isNested(context)) {
            SparkSessions.stop();
        }
    }
}
