package dev.tessera.plugin;

import java.util.Map;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;

/** Keeps the runtime from the start of an executor to its end. */
public final class TesseraExecutorPlugin implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> fromDriver) {
        RuntimeHolder.runtime();
    }

    @Override
    public void shutdown() {
        RuntimeHolder.close();
    }
}
