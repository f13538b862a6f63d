package dev.tessera.plugin;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.tessera.SparkSessions;
import dev.tessera.TensorFunction;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkSessions.class)
class TesseraExecutorPluginTest {
    private final MetricRegistry registry = new MetricRegistry();

    /** What Spark hands a plugin, as far as ours asks for it. */
    private final class Context implements PluginContext {
        @Override
        public MetricRegistry metricRegistry() {
            return registry;
        }

        @Override
        public SparkConf conf() {
            return new SparkConf(false);
        }

        @Override
        public String executorID() {
            return "1";
        }

        @Override
        public String hostname() {
            return "localhost";
        }

        @Override
        public Map<String, ResourceInformation> resources() {
            return Map.of();
        }

        @Override
        public void send(Object message) {
            throw new AssertionError(message);
        }

        @Override
        public Object ask(Object message) {
            throw new AssertionError(message);
        }
    }

    private long gauge(String name) {
        return (Long) registry.getGauges().get(name).getValue();
    }

    @Test
    void metricSystemShowsWhatTasksRan() {
        new TesseraExecutorPlugin().init(new Context(), Map.of());
        long batches = gauge("batches");
        long rows = gauge("rows");
        long bytesIn = gauge("bytesIn");
        long kernelNanos = gauge("kernelNanos");
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
        TensorFunction f = TensorFunction.compile(x.sum());

        SparkSessions.session()
                .range(0, 10, 1, 2)
                .selectExpr("array(cast(id as float), 2f, 3f) as x")
                .select(f.apply(col("x")))
                .collect();

        assertThat(gauge("batches") - batches).isEqualTo(2);
        assertThat(gauge("rows") - rows).isEqualTo(10);
        // 3 floats a row.
        assertThat(gauge("bytesIn") - bytesIn).isEqualTo(120);
        assertThat(gauge("kernelNanos") - kernelNanos).isPositive();
        assertThat(gauge("fallbacks")).isZero();
        assertThat(gauge("nativeBytes")).isZero();
        assertThat(registry.getGauges())
                .containsKeys("badRows", "bytesOut", "kernelLaunches", "blasCalls", "recoveries", "lostDevices");
    }
}
