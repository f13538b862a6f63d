package dev.tessera;

import dev.tessera.plugin.TesseraExecutorPlugin;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Starts the runtime with each executor, before its first task, and closes it with the executor. Named in
 * {@code spark.plugins}; optional, since a task starts the runtime where nobody has.
 */
public final class TesseraPlugin implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {
            @Override
            public Map<String, String> init(SparkContext context, PluginContext pluginContext) {
                return Map.of();
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new TesseraExecutorPlugin();
    }
}
