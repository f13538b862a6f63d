package dev.tessera.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mutates plans, in their fields and in their bytes, half of them with a right digest: each is refused with one clear
 * exception, without taking more memory than its bytes allow, or runs to an end.
 *
 * <p>{@code -Dtessera.fuzz.seed=…} and {@code -Dtessera.fuzz.plans=…} give another run.
 */
class PlanFuzzTest {
    private static final long SEED = Long.getLong("tessera.fuzz.seed", 20_240_607);
    private static final int PLANS = Integer.getInteger("tessera.fuzz.plans", 100_000);
    private static final RunLimits LIMITS = new RunLimits(1 << 20, 1 << 20, 1 << 20, 1 << 20);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<SamplePlans.Sample> samples = SamplePlans.all();
    private final List<byte[]> originals =
            samples.stream().map(sample -> PlanSerializer.write(sample.plan())).toList();
    private final RecordMutation records = new RecordMutation(
            random, samples.stream().map(SamplePlans.Sample::plan).toList());
    private final ByteMutation bytes = new ByteMutation(random, originals);
    private final Map<String, Integer> fates = new TreeMap<>();

    // A plan that never ends is the failure that no exception shows.
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void mutatedPlansAreRefusedOrRunToAnEnd() {
        try (PlanRun run = new PlanRun(samples)) {
            for (int i = 0; i < PLANS; i++) {
                byte[] mutant = mutant(i);
                String fate;
                try {
                    fate = fate(mutant, run);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(
                            "Plan %d of seed %d (-Dtessera.fuzz.seed=%d): %s".formatted(i, SEED, SEED, e), e);
                }
                fates.merge(fate, 1, Integer::sum);
            }
        }
        print();
        assertThat(fates.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(PLANS);
        assertThat(fates)
                .containsKeys("read: DIGEST", "read: COUNT", "read: CODE", "verify: SLOT", "verify: BOUNDS", "runs");
    }

    /** The odd ones are sealed; of four in turn, two are mutated in their bytes. */
    private byte[] mutant(int index) {
        int sample = random.nextInt(originals.size());
        boolean isSealed = index % 2 == 1;
        byte[] mutant = index % 4 < 2 ? mutatedBytes(sample) : mutatedFields(sample, isSealed);
        if (isSealed && mutant.length >= originals.get(0).length / 4 && mutant.length > 40) {
            Seal.seal(mutant);
        }
        return mutant;
    }

    private byte[] mutatedBytes(int sample) {
        byte[] mutant = originals.get(sample);
        for (int i = random.nextInt(1, 3); i > 0 && mutant.length > 0; i--) {
            mutant = bytes.mutated(mutant);
        }
        return mutant;
    }

    private byte[] mutatedFields(int sample, boolean isSealed) {
        ExecutionPlan plan = samples.get(sample).plan();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            plan = records.mutated(plan);
        }
        byte[] mutant;
        try {
            mutant = PlanSerializer.write(plan);
        } catch (IllegalArgumentException e) {
            return originals.get(sample).clone();
        }
        if (!isSealed) {
            System.arraycopy(originals.get(sample), 0, mutant, 0, 40);
        }
        return mutant;
    }

    private String fate(byte[] mutant, PlanRun run) {
        ExecutionPlan[] read = new ExecutionPlan[1];
        PlanFormatException[] refusal = new PlanFormatException[1];
        long allocated = AllocatedBytes.during(() -> {
            try {
                read[0] = PlanSerializer.read(mutant);
            } catch (PlanFormatException e) {
                refusal[0] = e;
            }
        });
        assertThat(allocated).isLessThanOrEqualTo(4L * mutant.length + (1 << 20));
        return refusal[0] != null ? fate("read", refusal[0].check(), refusal[0]) : fate(read[0], run);
    }

    private String fate(ExecutionPlan plan, PlanRun run) {
        assertThat(PlanText.of(plan)).isNotEmpty();
        try {
            PlanVerifier.verify(plan);
        } catch (PlanFormatException e) {
            return fate("verify", e.check(), e);
        }
        DimBinding binding = binding(plan);
        try {
            PlanVerifier.verifyBound(plan, binding, LIMITS);
        } catch (PlanBindingException e) {
            return fate("bind", e.check(), e);
        }
        byte[] written = PlanSerializer.write(plan);
        assertThat(PlanSerializer.read(written)).isEqualTo(plan);
        run.run(plan, binding, random);
        return "runs";
    }

    private static String fate(String phase, PlanCheck check, RuntimeException refusal) {
        assertThat(refusal).hasMessageStartingWith("Cannot ");
        return phase + ": " + check;
    }

    private DimBinding binding(ExecutionPlan plan) {
        Map<String, Long> sizes = new HashMap<>();
        long size = random.nextLong(1, 6);
        for (ExecutionPlan.PlanInput input : plan.inputs()) {
            for (Dim dim : input.type().shape().dims()) {
                for (String name : dim.names()) {
                    sizes.put(name, random.nextInt(8) == 0 ? random.nextLong(4) : name.equals("m") ? size - 1 : size);
                }
            }
        }
        return new DimBinding(sizes);
    }

    private void print() {
        StringBuilder table = new StringBuilder("%d mutated plans of seed %d:%n".formatted(PLANS, SEED));
        fates.forEach((fate, count) -> table.append("%8d  %s%n".formatted(count, fate)));
        System.out.print(table);
    }
}
