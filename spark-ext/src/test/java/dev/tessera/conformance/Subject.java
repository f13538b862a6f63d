package dev.tessera.conformance;

import dev.tessera.tensor.HostTensor;
import java.util.List;
import java.util.Set;

/** What is held against the oracle: something that computes the rows of a case. */
interface Subject {
    /** For each output the values of all rows, [rows, ...], and the rows that have none. */
    record Results(List<HostTensor> outputs, Set<Integer> badRows) {}

    Results run(ConformanceCase testCase);
}
