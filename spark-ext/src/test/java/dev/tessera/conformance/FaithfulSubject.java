package dev.tessera.conformance;

import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Graph;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The evaluator that rounds as a backend does, on a graph that went through {@code transformation}. */
final class FaithfulSubject implements Subject {
    private final UnaryOperator<Graph> transformation;

    FaithfulSubject(UnaryOperator<Graph> transformation) {
        this.transformation = transformation;
    }

    @Override
    public Results run(ConformanceCase testCase) {
        Graph graph = transformation.apply(testCase.graph());
        List<List<HostTensor>> rows = new ArrayList<>();
        Set<Integer> badRows = new TreeSet<>();
        for (int row = 0; row < testCase.rows().size(); row++) {
            try {
                rows.add(ReferenceEvaluator.faithful().evaluate(graph, testCase.inputs(row)));
            } catch (IndexOutOfBoundsException e) {
                badRows.add(row);
                rows.add(List.of());
            }
        }
        List<HostTensor> outputs = new ArrayList<>();
        boolean areAllBad = badRows.size() == rows.size();
        for (int i = 0; i < graph.outputs().size() && !areAllBad; i++) {
            outputs.add(stacked(rows, i));
        }
        return new Results(outputs, badRows);
    }

    private static HostTensor stacked(List<List<HostTensor>> rows, int output) {
        HostTensor first = rows.stream()
                .filter(row -> !row.isEmpty())
                .findFirst()
                .orElseThrow()
                .get(output);
        long[] sizes = new long[first.rank() + 1];
        sizes[0] = rows.size();
        System.arraycopy(first.sizes(), 0, sizes, 1, first.rank());
        HostTensor stacked = HostTensor.zeros(first.dtype(), sizes);
        int length = Math.toIntExact(first.sizeInBytes());
        for (int row = 0; row < rows.size(); row++) {
            if (!rows.get(row).isEmpty()) {
                stacked.storage().put(row * length, rows.get(row).get(output).storage(), 0, length);
            }
        }
        return stacked;
    }
}
