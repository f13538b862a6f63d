package dev.tessera.cpu;

import dev.tessera.cpu.step.BoundPlan;
import dev.tessera.cpu.step.Frame;
import dev.tessera.cpu.step.Kernels;
import dev.tessera.runtime.Receipt;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A task's memory, the kernels it computes with, and the count of what it has run. Confined to the task's thread. */
final class CpuWork {
    private final TaskMemory memory;
    private final Kernels kernels;
    private final String device;
    private final Map<String, Long> stepsByKind = new TreeMap<>();
    private long batchCount;
    private long rowCount;
    private long badRowCount;
    private long bytesIn;
    private long bytesOut;
    private long kernelNanos;
    private long copyNanos;

    CpuWork(TaskMemory memory, Kernels kernels, String device) {
        this.memory = memory;
        this.kernels = kernels;
        this.device = device;
    }

    TaskMemory memory() {
        return memory;
    }

    Kernels kernels() {
        return kernels;
    }

    void run(List<BoundPlan.KindedStep> steps, Frame frame) {
        long start = System.nanoTime();
        for (BoundPlan.KindedStep step : steps) {
            step.step().run(frame);
            stepsByKind.merge(step.kind(), 1L, Long::sum);
        }
        kernelNanos += System.nanoTime() - start;
    }

    void countBatch(int rows, int badRows) {
        batchCount++;
        rowCount += rows;
        badRowCount += badRows;
    }

    void countBytes(long in, long out) {
        bytesIn += in;
        bytesOut += out;
    }

    void countCopy(long nanos) {
        copyNanos += nanos;
    }

    Receipt receipt() {
        Map<String, Long> batches = batchCount == 0 ? Map.of() : Map.of(device, batchCount);
        return new Receipt(
                batches,
                stepsByKind,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                rowCount,
                badRowCount,
                bytesIn,
                bytesOut,
                kernelNanos,
                copyNanos);
    }
}
