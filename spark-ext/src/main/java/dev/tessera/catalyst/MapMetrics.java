package dev.tessera.catalyst;

import dev.tessera.runtime.Receipt;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.collection.immutable.Map;

/** What the SQL tab shows of the operator. */
record MapMetrics(
        SQLMetric rows,
        SQLMetric batches,
        SQLMetric cpuBatches,
        SQLMetric gpuBatches,
        SQLMetric kernelTime,
        SQLMetric copyTime,
        SQLMetric bytesIn,
        SQLMetric bytesOut,
        SQLMetric kernelLaunches,
        SQLMetric blasCalls,
        SQLMetric recoveries,
        SQLMetric fallbacks,
        SQLMetric badRows)
        implements Serializable {
    private static final long serialVersionUID = 1;

    static MapMetrics create(SparkContext context) {
        return new MapMetrics(
                SQLMetrics.createMetric(context, "number of output rows"),
                SQLMetrics.createMetric(context, "batches"),
                SQLMetrics.createMetric(context, "batches on the CPU"),
                SQLMetrics.createMetric(context, "batches on a GPU"),
                SQLMetrics.createNanoTimingMetric(context, "kernel time", 0),
                SQLMetrics.createNanoTimingMetric(context, "copy time", 0),
                SQLMetrics.createSizeMetric(context, "bytes in", 0),
                SQLMetrics.createSizeMetric(context, "bytes out", 0),
                SQLMetrics.createMetric(context, "kernels launched"),
                SQLMetrics.createMetric(context, "calls of cuBLAS"),
                SQLMetrics.createMetric(context, "batches retried or split"),
                SQLMetrics.createMetric(context, "fallbacks to the CPU"),
                SQLMetrics.createMetric(context, "bad rows"));
    }

    Map<String, SQLMetric> byName() {
        java.util.Map<String, SQLMetric> byName = new HashMap<>();
        byName.put("numOutputRows", rows);
        byName.put("batches", batches);
        byName.put("cpuBatches", cpuBatches);
        byName.put("gpuBatches", gpuBatches);
        byName.put("kernelTime", kernelTime);
        byName.put("copyTime", copyTime);
        byName.put("bytesIn", bytesIn);
        byName.put("bytesOut", bytesOut);
        byName.put("kernelLaunches", kernelLaunches);
        byName.put("blasCalls", blasCalls);
        byName.put("recoveries", recoveries);
        byName.put("fallbacks", fallbacks);
        byName.put("badRows", badRows);
        return ScalaInterop.map(byName);
    }

    /** Where the batches that were reported so far ran, as {@code 3 on the CPU}; empty if there are none. */
    String whereRun() {
        List<String> devices = new ArrayList<>();
        if (cpuBatches.value() > 0) {
            devices.add(cpuBatches.value() + " on the CPU");
        }
        if (gpuBatches.value() > 0) {
            devices.add(gpuBatches.value() + " on a GPU");
        }
        return String.join(", ", devices);
    }

    void add(Receipt receipt, long badRowCount) {
        batches.add(receipt.batchCount());
        receipt.batchesByDevice().forEach((device, count) -> {
            if (device.startsWith("cpu")) {
                cpuBatches.add(count);
            } else if (device.startsWith("gpu")) {
                gpuBatches.add(count);
            }
        });
        kernelTime.add(receipt.kernelNanos());
        copyTime.add(receipt.copyNanos());
        bytesIn.add(receipt.bytesIn());
        bytesOut.add(receipt.bytesOut());
        kernelLaunches.add(receipt.kernelLaunches());
        blasCalls.add(receipt.blasCalls());
        recoveries.add(total(receipt.recoveries()));
        fallbacks.add(total(receipt.fallbacksByReason()));
        badRows.add(badRowCount);
    }

    private static long total(java.util.Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
