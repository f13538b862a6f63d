package dev.tessera;

import dev.tessera.cuda.RealGpu;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the operator batches rows for a real GPU. */
@Tag("gpu")
@ExtendWith({RealGpu.class, RealGpuSessions.class})
class BatchesOnRealGpuTest extends BatchesTest {}
