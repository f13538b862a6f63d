package dev.tessera;

import dev.tessera.sim.SimulatedCuda;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** The suites of queries once more, every batch on the simulated GPU, which each test leaves as it found it. */
@ExtendWith({SimulatedCuda.class, CompiledByNvrtc.class, SimulatedGpuSessions.class})
class QueriesOnGpuTest {
    @Nested
    class Batches extends BatchesTest {}

    @Nested
    class Positions extends QueryPositionsTest {}

    @Nested
    class EncodedColumns extends EncodedColumnsTest {}

    @Nested
    class Life extends QueryLifeTest {}

    @Nested
    class FilterOrder extends FilterOrderTest {}

    @Nested
    class OddRows extends OddRowsTest {}

    @Nested
    class RandomQueries extends RandomQueriesTest {}

    @Nested
    class TaskMemory extends TaskMemoryTest {}
}
