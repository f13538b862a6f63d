package dev.tessera.catalyst;

import dev.tessera.runtime.Receipt;
import java.io.Serializable;
import java.util.ArrayList;
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
                SQLMetrics.createMetric(context, "fallbacks to the CPU"),
                SQLMetrics.createMetric(context, "bad rows"));
    }

    Map<String, SQLMetric> byName() {
        return ScalaInterop.map(java.util.Map.of(
                "numOutputRows", rows,
                "batches", batches,
                "cpuBatches", cpuBatches,
                "gpuBatches", gpuBatches,
                "kernelTime", kernelTime,
                "copyTime", copyTime,
                "bytesIn", bytesIn,
                "bytesOut", bytesOut,
                "fallbacks", fallbacks,
                "badRows", badRows));
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
        fallbacks.add(receipt.fallbacksByReason().values().stream()
                .mapToLong(Long::longValue)
                .sum());
        badRows.add(badRowCount);
    }
}
