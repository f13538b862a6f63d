package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who hears of a failure, what it leaves behind, and many who use a device at once. */
@ExtendWith(SimulatedCuda.class)
class FailuresTest {
    private static final int INVALID_VALUE = 1;
    private static final int ECC_UNCORRECTABLE = 214;
    private static final int BLAS_NOT_INITIALIZED = 1;

    private static SimulatedBackend simulated;

    @TempDir
    static Path kernels;

    @BeforeAll
    static void find() {
        simulated = new SimulatedBackend();
    }

    private static Backend open() {
        return simulated.open(kernels, api -> api, has -> has);
    }

    @Test
    void aFailureIsToldToWhoAwaitsTheBatchAndToNobodyElse(SimulatedDevice device) {
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 40, 33, 7, 5);
        try (Backend backend = open();
                BackendTask task = backend.openTask(trial.spec())) {
            PendingBatch first = task.submit(trial.batches().get(0));
            PendingBatch second = task.submit(trial.batches().get(1));
            device.failCall("cuEventSynchronize", 1, INVALID_VALUE);
            // Takes the stream of the first, and so waits for it.
            PendingBatch third = task.submit(trial.batches().get(2));
            trial.require(2, third.await());
            trial.require(1, second.await());
            assertThatThrownBy(first::await)
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessageContaining("cuEventSynchronize");
            List.of(first, second, third).forEach(PendingBatch::close);
            try (PendingBatch fourth = task.submit(trial.batches().get(3))) {
                trial.require(3, fourth.await());
            }
            assertThat(task.receipt().rowCount()).isEqualTo(33 + 7 + 5);
        }
        SimulatedBackend.requireNothingLeft(device);
    }

    @Test
    void aDeviceThatCannotBeWaitedForIsLostWithItsMemory(SimulatedDevice device) {
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 40, 33);
        try (Backend backend = open();
                BackendTask task = backend.openTask(trial.spec())) {
            PendingBatch first = task.submit(trial.batches().get(0));
            device.failCall("cuStreamSynchronize", 1, INVALID_VALUE);
            device.failCall("cuCtxSynchronize", 1, INVALID_VALUE);
            first.close();
            assertThatThrownBy(() -> task.submit(trial.batches().get(1)))
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessageContaining("what it is doing is unknown");
            task.allocateHost(100).close();
        }
    }

    @Test
    void aLostDeviceFailsTheTaskIfThePolicySaysSo(SimulatedDevice device) {
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 40);
        RuntimeOptions options = PlanTrial.options("auto", kernels, Map.of("spark.tessera.gpu.onDeviceLost", "fail"));
        try (ExecutorRuntime runtime = ExecutorRuntime.start(options)) {
            assertThat(runtime.fallbackReason()).isEmpty();
            assertThat(trial.run(runtime).fallbacksByReason()).isEmpty();
            device.failOperation(3, ECC_UNCORRECTABLE);
            assertThatThrownBy(() -> trial.run(runtime))
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessageContaining("the GPU is lost");
            assertThat(runtime.nativeBytes()).isZero();
            assertThatThrownBy(() -> runtime.openTask(trial.spec())).isInstanceOf(DeviceFailureException.class);
        }
    }

    @Test
    void aThreadThatWaitsForMemoryCanBeInterrupted(SimulatedDevice device) throws Exception {
        device.setMemory(64 << 10);
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 200);
        try (Backend backend = open();
                BackendTask holder = backend.openTask(trial.spec());
                PendingBatch held = holder.submit(trial.batches().get(0))) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            CountDownLatch opened = new CountDownLatch(1);
            Thread waiter = new Thread(() -> {
                try (BackendTask task = backend.openTask(trial.spec())) {
                    opened.countDown();
                    task.submit(trial.batches().get(0));
                } catch (CancellationException e) {
                    failure.set(e);
                }
            });
            waiter.start();
            opened.await();
            waiter.interrupt();
            waiter.join();
            assertThat(failure.get()).hasMessageContaining("the thread is interrupted");
            trial.require(0, held.await());
            try (PendingBatch again = holder.submit(trial.batches().get(0))) {
                trial.require(0, again.await());
            }
        }
        SimulatedBackend.requireNothingLeft(device);
    }

    @Test
    void manyTasksShareTwoSmallDevices(SimulatedDevice device) throws Exception {
        device.setDeviceCount(2);
        device.setMemory(96 << 10);
        List<PlanTrial> trials = List.of(
                new PlanTrial(SamplePlans.denseLayer(), 40, 200, 1, 60),
                new PlanTrial(SamplePlans.gatherOfParameter(), 40, 200, 1, 60),
                new PlanTrial(SamplePlans.concatenation(), 40, 100, 1, 60),
                new PlanTrial(SamplePlans.layerNorm(), 10, 40, 1, 30));
        try (ExecutorRuntime runtime = ExecutorRuntime.start(PlanTrial.options("gpu", kernels, Map.of()))) {
            List<Receipt> receipts =
                    together(8, i -> trials.get(i % trials.size()).run(runtime));
            Receipt sum = receipts.stream().reduce(Receipt.EMPTY, Receipt::plus);
            assertThat(sum.rowCount())
                    .isEqualTo(
                            2 * trials.stream().mapToLong(PlanTrial::rowCount).sum());
            assertThat(sum.batchesByDevice().keySet())
                    .filteredOn(name -> name.startsWith("gpu"))
                    .hasSize(2);
            assertThat(runtime.nativeBytes()).isZero();
        }
        assertThat(device.faults()).isEmpty();
        SimulatedBackend.requireNothingLeft(device);
    }

    /** Each thread holds one device and asks for the other, whose only room the other thread holds. */
    @Test
    @Timeout(60)
    void threadsThatUseBothDevicesDoNotWaitForEachOther(SimulatedDevice device) throws Exception {
        device.setDeviceCount(2);
        device.setMemory(64 << 10);
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 200);
        try (Backend backend = open()) {
            CyclicBarrier bothHoldOne = new CyclicBarrier(2);
            together(2, i -> {
                try (BackendTask here = backend.openTask(trial.spec().onDevices(List.of("" + i)));
                        BackendTask there = backend.openTask(trial.spec().onDevices(List.of("" + (1 - i))));
                        PendingBatch first = here.submit(trial.batches().get(0))) {
                    await(bothHoldOne);
                    try (PendingBatch second = there.submit(trial.batches().get(0))) {
                        trial.require(0, second.await());
                    }
                    trial.require(0, first.await());
                }
                return i;
            });
        }
        assertThat(device.faults()).isEmpty();
        SimulatedBackend.requireNothingLeft(device);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDeviceThatIsLostToManyTasksAtOnceLosesNoRows(SimulatedDevice device) throws Exception {
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 40, 33, 40, 60);
        for (int nth = 20; nth < 200; nth += 60) {
            device.reset();
            device.loseDevice(nth);
            try (ExecutorRuntime runtime = ExecutorRuntime.start(PlanTrial.options("gpu", kernels, Map.of()))) {
                List<Receipt> receipts = together(4, i -> trial.run(runtime));
                assertThat(receipts).hasSize(4);
                assertThat(runtime.nativeBytes()).isZero();
            }
        }
    }

    @Test
    void aLibraryThatOnlySaysThatItDoesNotWorkIsOfALostDeviceIfTheDriverSaysSo(SimulatedDevice device) {
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 40);
        for (boolean isLost : new boolean[] {false, true}) {
            device.reset();
            try (Backend backend = open();
                    BackendTask first = backend.openTask(trial.spec())) {
                assertThat(first.pipelineDepth()).isPositive();
                device.failCall("cublasCreate", 1, BLAS_NOT_INITIALIZED);
                if (isLost) {
                    device.failCallsFrom("cuMemGetInfo", 1, ECC_UNCORRECTABLE);
                }
                DeviceFailureException.Kind expected =
                        isLost ? DeviceFailureException.Kind.LOST : DeviceFailureException.Kind.UNSUPPORTED;
                assertThatThrownBy(() -> backend.openTask(trial.spec()))
                        .isInstanceOfSatisfying(
                                DeviceFailureException.class,
                                e -> assertThat(e.kind()).isEqualTo(expected));
            }
        }
    }

    private interface Work<T> {
        T run(int index);
    }

    private static <T> List<T> together(int threads, Work<T> work) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int index = i;
                calls.add(() -> work.run(index));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : pool.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aTinyDeviceRunsBatchesInPartsAndOnTheCpu(SimulatedDevice device) {
        device.setMemory(8 << 10);
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 300, 40);
        try (ExecutorRuntime runtime = ExecutorRuntime.start(PlanTrial.options("gpu", kernels, Map.of()))) {
            Receipt receipt = trial.run(runtime);
            assertThat(receipt.recoveries()).containsKeys("retried: out of memory", "split: out of memory");
            try (BackendTask task = runtime.openTask(trial.spec())) {
                int rows = task.maxRows(DimBinding.EMPTY);
                HostTensor x = SamplePlans.random(1, rows, 20);
                task.submit(new Batch(rows, DimBinding.EMPTY, List.of(x))).close();
                assertThat(task.receipt().recoveries()).as("%d rows fit", rows).isEmpty();
            }
        }
        SimulatedBackend.requireNothingLeft(device);
    }
}
