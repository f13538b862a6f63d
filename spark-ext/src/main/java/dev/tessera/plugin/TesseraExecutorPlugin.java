package dev.tessera.plugin;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.tessera.runtime.BackendUnavailableException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the runtime from the start of an executor to its end, and shows in Spark's metric system what its tasks ran and
 * the native bytes that they hold.
 */
public final class TesseraExecutorPlugin implements ExecutorPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(TesseraExecutorPlugin.class);

    @Override
    public void init(PluginContext context, Map<String, String> fromDriver) {
        MetricRegistry registry = context.metricRegistry();
        RuntimeHolder.counters().byName().forEach((name, counter) -> register(registry, name, counter));
        register(registry, "nativeBytes", RuntimeHolder::nativeBytes);
        register(registry, "lostDevices", RuntimeHolder::lostDevices);
        try {
            RuntimeHolder.runtime();
        } catch (BackendUnavailableException e) {
            // An executor that cannot start is started again and again; a task that fails shows its user why.
            LOG.error("Every task with a tensor function will fail on this executor: {}", e.getMessage(), e);
        }
    }

    private static void register(MetricRegistry registry, String name, LongSupplier value) {
        registry.register(name, (Gauge<Long>) value::getAsLong);
    }

    @Override
    public void shutdown() {
        RuntimeHolder.close();
    }
}
