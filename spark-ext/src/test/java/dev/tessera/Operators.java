package dev.tessera;

import dev.tessera.catalyst.ScalaInterop;
import dev.tessera.catalyst.TensorMapExec;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.execution.columnar.InMemoryTableScanExec;
import org.apache.spark.sql.execution.exchange.ReusedExchangeExec;

/** What a query that has run did with its calls. */
public final class Operators {
    private Operators() {}

    /** The operators that evaluate calls in batches, adaptive stages and caches included. */
    public static List<TensorMapExec> of(Dataset<?> dataset) {
        return of(dataset.queryExecution());
    }

    public static List<TensorMapExec> of(QueryExecution execution) {
        List<TensorMapExec> found = new ArrayList<>();
        collect(execution.executedPlan(), found);
        return found;
    }

    private static void collect(SparkPlan plan, List<TensorMapExec> found) {
        if (plan instanceof TensorMapExec map) {
            found.add(map);
        }
        if (plan instanceof AdaptiveSparkPlanExec adaptive) {
            collect(adaptive.executedPlan(), found);
        } else if (plan instanceof QueryStageExec stage) {
            collect(stage.plan(), found);
        } else if (plan instanceof ReusedExchangeExec) {
            return;
        } else if (plan instanceof InMemoryTableScanExec scan) {
            collect(scan.relation().cachedPlan(), found);
        }
        ScalaInterop.list(plan.children()).forEach(child -> collect(child, found));
    }

    /** The batches of all operators. */
    public static long batches(Dataset<?> dataset) {
        return of(dataset).stream()
                .mapToLong(map -> map.metrics().apply("batches").value())
                .sum();
    }
}
