package dev.tessera;

import dev.tessera.cuda.RealGpu;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The suites of queries once more, every batch on a real GPU. */
@Tag("gpu")
@ExtendWith({RealGpu.class, RealGpuSessions.class})
class QueriesOnRealGpuTest extends QuerySuites {}
