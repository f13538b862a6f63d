package dev.tessera;

import dev.tessera.cuda.RealGpu;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The suites of queries once more, every batch on a real GPU. */
@Tag("gpu")
@ExtendWith({RealGpu.class, RealGpuSessions.class})
class QueriesOnRealGpuTest {
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
