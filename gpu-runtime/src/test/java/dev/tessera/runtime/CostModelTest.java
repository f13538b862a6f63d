package dev.tessera.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cpu.CpuBackendProvider;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.plan.SamplePlans;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CostModelTest {
    private static final SamplePlans.Sample SAMPLE = SamplePlans.denseLayer();
    private static final TaskSpec SPEC = new TaskSpec(SAMPLE.plan(), SAMPLE.constants(), Map.of());
    private static final ExecutionPlan PRODUCTS = MeasuredPlans.products(8);
    private static final ExecutionPlan ADDITION = MeasuredPlans.additions(1);

    /** 20 us for a batch, 5 us for a launch, 10 GB/s over the bus, 10^13 multiply-adds and 10^12 bytes a second. */
    private static final DeviceRates FAST_GPU = new DeviceRates(20_000, 5_000, 0.1, 0.0001, 0.001, 0.0001);

    /** 1 us for a batch, no copies, 2 * 10^10 multiply-adds, 10^10 bytes and 10^9 operations a second. */
    private static final DeviceRates CORE = new DeviceRates(1_000, 100, 0, 0.05, 0.1, 1);

    private static CostModel.Rates rates(DeviceRates gpu, DeviceRates cpu) {
        return new CostModel.Rates(gpu, cpu);
    }

    private static BatchPlacement placement(ExecutionPlan plan, DeviceRates gpu, DeviceRates cpu) {
        return new BatchPlacement(plan, rates(gpu, cpu));
    }

    private static boolean isOnCpu(BatchPlacement placement, int rows) {
        return placement.decide(DimBinding.EMPTY, rows).isOnCpu();
    }

    /** The smallest number of rows, of powers of two, that goes to the GPU; each asked as the first of its task. */
    private static int breakEven(ExecutionPlan plan, DeviceRates gpu, DeviceRates cpu) {
        int rows = 1;
        while (rows < 1 << 20 && isOnCpu(placement(plan, gpu, cpu), rows)) {
            rows *= 2;
        }
        return rows;
    }

    @Test
    void tinyBatchesStayOnTheCpuAndLargeProductsGoToTheGpu() {
        // A row is 8 * 256 * 256 multiply-adds: 26 us on the core, which also reads 256 KiB in as many, once; and on
        // the
        // GPU, after 60 us, 0.3 us with its copies.
        assertThat(isOnCpu(placement(PRODUCTS, FAST_GPU, CORE), 1)).isTrue();
        assertThat(isOnCpu(placement(PRODUCTS, FAST_GPU, CORE), 1000)).isFalse();
    }

    @Test
    void anAdditionIsNeverWorthTheBus() {
        // Copies of 2 KiB take 205 ns a row; the core streams them in 205 ns, and adds 256 elements in 768 ns.
        DeviceRates quickCore = new DeviceRates(1_000, 100, 0, 0.05, 0.05, 0.01);
        assertThat(breakEven(ADDITION, FAST_GPU, quickCore)).isEqualTo(1 << 20);
        assertThat(isOnCpu(placement(ADDITION, FAST_GPU, quickCore), Integer.MAX_VALUE))
                .isTrue();
    }

    @Test
    void theBreakEvenMovesWithTheRates() {
        int breakEven = breakEven(PRODUCTS, FAST_GPU, CORE);
        DeviceRates slowToStart = new DeviceRates(2_000_000, 5_000, 0.1, 0.0001, 0.001, 0.0001);
        DeviceRates slowCore = new DeviceRates(1_000, 100, 0, 5, 0.1, 1);
        assertThat(breakEven(PRODUCTS, slowToStart, CORE)).isGreaterThan(breakEven);
        assertThat(breakEven(PRODUCTS, FAST_GPU, slowCore)).isLessThan(breakEven);
    }

    @Test
    void aTaskStaysWhereItIsUnlessTheOtherDeviceIsClearlyFaster() {
        // Of a batch alone: 1000 ns on the GPU, 100 ns a row on the CPU for 256 operations of each row.
        DeviceRates gpu = new DeviceRates(1_000, 0, 0, 0, 0, 0);
        DeviceRates cpu = new DeviceRates(0, 0, 0, 0, 0, 100.0 / (256 * 3));
        BatchPlacement task = placement(ADDITION, gpu, cpu);
        assertThat(isOnCpu(task, 8)).isTrue();
        assertThat(isOnCpu(task, 16)).isFalse();
        assertThat(isOnCpu(task, 8)).as("800 of 1000 ns is not below 80 %").isFalse();
        assertThat(isOnCpu(task, 4)).isTrue();
        BatchPlacement other = placement(ADDITION, gpu, new DeviceRates(0, 0, 0, 0, 0, 140.0 / (256 * 3)));
        assertThat(isOnCpu(other, 4)).isTrue();
        assertThat(isOnCpu(other, 8)).as("1000 of 1120 ns is not below 80 %").isTrue();
    }

    @Test
    void rowsOfOneSizeClassGoTheSameWay() {
        BatchPlacement task = placement(PRODUCTS, FAST_GPU, CORE);
        BatchPlacement.Decision first = task.decide(DimBinding.EMPTY, 1);
        assertThat(first.reason())
                .matches("1 rows were predicted to take 0\\.\\d+ ms on the GPU, 0\\.\\d+ ms on the CPU");
        assertThat(task.decide(DimBinding.EMPTY, 0).isOnCpu()).isTrue();
        assertThat(task.decide(DimBinding.EMPTY, 512).isOnCpu())
                .isEqualTo(task.decide(DimBinding.EMPTY, 1023).isOnCpu());
    }

    private static Batch batch(int rows) {
        return new Batch(rows, DimBinding.EMPTY, List.of(HostTensor.zeros(DType.FLOAT32, rows, 20)));
    }

    private static Backend cpu() {
        return new CpuBackendProvider()
                .open(new RuntimeOptions(1, Map.of("spark.tessera.cpu.vectorApi.enabled", "false")));
    }

    @Test
    void theReceiptSaysWhatWasPredictedAndWhyABatchStayedOnTheCpu() {
        // From 4 rows on, 1 ms beats 0.5 ms a row.
        DeviceRates gpu = new DeviceRates(1e6, 0, 0, 0, 0, 0);
        double ofOneRow = 5e5 / (20 * 7);
        CostModel model = new CostModel(addresses -> rates(gpu, new DeviceRates(0, 0, 0, ofOneRow, 0, 0)));
        try (Backend cpu = cpu();
                Backend backend = new PlacingBackend(new FailingDevice(), () -> cpu, model)) {
            BackendTask task = backend.openTask(SPEC);
            try (PendingBatch small = task.submit(batch(1));
                    PendingBatch large = task.submit(batch(300))) {
                assertThat(small.await().outputs().get(0).size(0)).isEqualTo(1);
                assertThat(large.await().outputs().get(0).size(0)).isEqualTo(300);
            }
            Receipt receipt = task.receipt();
            // The failing device is made of the CPU, and counts as it.
            assertThat(receipt.batchCount()).isEqualTo(2);
            assertThat(receipt.choiceByDevice().values())
                    .containsExactly("1 rows were predicted to take 1.0 ms on the GPU, 0.5 ms on the CPU");
            assertThat(receipt.predictionsByDevice().values()).singleElement().satisfies(prediction -> {
                assertThat(prediction.predictedNanos()).isEqualTo(1_500_000);
                assertThat(prediction.actualNanos()).isPositive();
            });
            assertThat(receipt.plus(receipt).predictionsByDevice().values())
                    .singleElement()
                    .satisfies(sum -> assertThat(sum.predictedNanos()).isEqualTo(3_000_000));
            task.close();
            assertThat(backend.nativeBytes()).isZero();
            assertThat(cpu.nativeBytes()).isZero();
        }
    }

    @Test
    void ratesAreMeasuredOnceAndADeviceThatFailsThenIsStillPreferred() {
        AtomicInteger asked = new AtomicInteger();
        CostModel model = new CostModel(addresses -> {
            asked.incrementAndGet();
            throw new DeviceFailureException(DeviceFailureException.Kind.UNSUPPORTED, "no NVRTC");
        });
        assertThat(model.rates(List.of())).isNull();
        assertThat(model.rates(List.of())).isNull();
        assertThat(asked).hasValue(1);
        try (Backend backend = new PlacingBackend(
                        new FailingDevice(),
                        () -> {
                            throw new IllegalStateException("nothing is meant for the CPU");
                        },
                        model);
                BackendTask task = backend.openTask(SPEC)) {
            task.submit(batch(1)).close();
            assertThat(task.receipt().predictionsByDevice()).isEmpty();
        }
    }

    @Test
    void theCpuCanBeMeasured() {
        for (ExecutionPlan plan : List.of(MeasuredPlans.copy(), ADDITION, MeasuredPlans.operations(17), PRODUCTS)) {
            PlanVerifier.verify(plan);
            PlanVerifier.verifyBound(plan, DimBinding.EMPTY);
        }
        try (Backend cpu = cpu()) {
            DeviceRates rates = new RateMeasurement(cpu, List.of()).rates();
            assertThat(rates.perBatch()).isPositive();
            assertThat(rates.perMultiplyAdd()).isPositive();
            assertThat(List.of(rates.perStep(), rates.perCopiedByte(), rates.perStreamedByte(), rates.perOperation()))
                    .allSatisfy(rate -> assertThat(rate).isNotNegative().isFinite());
            assertThat(cpu.nativeBytes()).isZero();
        }
    }

    @Test
    void theModelCanBeSwitchedOff() {
        assertThat(CostModel.isEnabled(new RuntimeOptions(1, Map.of()))).isTrue();
        assertThat(CostModel.isEnabled(new RuntimeOptions(1, Map.of(CostModel.SETTING, "False"))))
                .isFalse();
        assertThatThrownBy(() -> CostModel.isEnabled(new RuntimeOptions(1, Map.of(CostModel.SETTING, "maybe"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read spark.tessera.gpu.costModel.enabled: it is 'maybe'; set it to true or false");
    }
}
