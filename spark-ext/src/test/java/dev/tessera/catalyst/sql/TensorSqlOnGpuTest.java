package dev.tessera.catalyst.sql;

import dev.tessera.CompiledByNvrtc;
import dev.tessera.SimulatedGpuSessions;
import dev.tessera.sim.SimulatedCuda;
import org.junit.jupiter.api.extension.ExtendWith;

/** SQL with tensors, every batch on the simulated GPU. */
@ExtendWith({SimulatedCuda.class, CompiledByNvrtc.class, SimulatedGpuSessions.class})
class TensorSqlOnGpuTest extends TensorSqlTest {}
