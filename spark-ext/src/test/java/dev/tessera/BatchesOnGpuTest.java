package dev.tessera;

import dev.tessera.sim.SimulatedCuda;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the operator batches rows for a GPU, and that it gives all of its memory back. */
@ExtendWith({SimulatedCuda.class, CompiledByNvrtc.class, SimulatedGpuSessions.class})
class BatchesOnGpuTest extends BatchesTest {}
