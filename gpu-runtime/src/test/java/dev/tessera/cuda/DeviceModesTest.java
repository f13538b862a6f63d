package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.Backend;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample on devices that differ in what no program may depend on. */
@ExtendWith(SimulatedCuda.class)
class DeviceModesTest {
    private static SimulatedBackend simulated;

    @TempDir
    static Path kernels;

    @BeforeAll
    static void find() {
        simulated = new SimulatedBackend();
    }

    @AfterEach
    void nothingIsLeft(SimulatedDevice device) {
        assertThat(device.faults()).isEmpty();
        SimulatedBackend.requireNothingLeft(device);
    }

    /** How a device behaves. */
    record Mode(String name, Consumer<SimulatedDevice> set) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mode> modes() {
        List<Mode> modes = new ArrayList<>();
        for (int seed = 1; seed <= 5; seed++) {
            int each = seed;
            modes.add(new Mode("blocks and streams in order " + seed, device -> device.setSeed(each)));
        }
        modes.add(new Mode("two ulps of noise", device -> device.setNoise(2)));
        modes.add(new Mode("work that runs at once", device -> device.setEager(true)));
        modes.add(new Mode("barriers for all threads", device -> device.setStrictBarriers(true)));
        modes.add(new Mode("all of it", device -> {
            device.setSeed(6);
            device.setNoise(2);
            device.setStrictBarriers(true);
        }));
        return modes;
    }

    @ParameterizedTest
    @MethodSource("modes")
    void everySampleGivesTheSame(Mode mode, SimulatedDevice device) {
        for (SamplePlans.Sample sample : SamplePlans.all()) {
            device.reset();
            mode.set().accept(device);
            try (Backend backend = simulated.open(kernels, api -> api, has -> has)) {
                new PlanTrial(sample, 1, 33, 0, 100, 33).run(backend::openTask, batch -> {});
            }
            assertThat(device.counter("operations")).as(sample.name()).isPositive();
        }
    }
}
