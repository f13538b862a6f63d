package dev.tessera;

import dev.tessera.sim.SimulatedCuda;
import org.junit.jupiter.api.extension.ExtendWith;

/** The suites of queries once more, every batch on the simulated GPU, which each test leaves as it found it. */
@ExtendWith({SimulatedCuda.class, CompiledByNvrtc.class, SimulatedGpuSessions.class})
class QueriesOnGpuTest extends QuerySuites {}
