package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.plugin.TensorConf;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A local session of which all batches must run on a GPU, instead of that of {@link SparkSessions}, for a class's tests. */
public final class RealGpuSessions implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final int WAITS = 4000;

    @Override
    public void beforeAll(ExtensionContext context) {
        if (!isNested(context)) {
            SparkSessions.restart(Map.of(TensorConf.DEVICE.key(), "gpu"));
        }
    }

    /** A job that was cancelled ends before its tasks do. */
    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        for (int i = 0; i < WAITS && RuntimeHolder.nativeBytes() > 0; i++) {
            Thread.sleep(5);
        }
        assertThat(RuntimeHolder.nativeBytes()).as("bytes of open tasks").isZero();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!isNested(context)) {
            SparkSessions.stop();
        }
    }

    private static boolean isNested(ExtensionContext context) {
        return context.getRequiredTestClass().isAnnotationPresent(Nested.class);
    }
}
