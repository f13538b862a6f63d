package dev.tessera;

import org.junit.jupiter.api.Nested;

/** The suites of queries, for a class that runs them in sessions of another kind. */
abstract class QuerySuites {
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
