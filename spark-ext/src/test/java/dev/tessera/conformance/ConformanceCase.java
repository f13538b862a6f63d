package dev.tessera.conformance;

import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A graph, the values of its parameters, and those of its variables for some rows. */
record ConformanceCase(
        String name, Graph graph, Map<String, HostTensor> parameters, List<Map<String, HostTensor>> rows) {
    /** Everything that the row {@code index} is computed from. */
    Map<String, HostTensor> inputs(int index) {
        Map<String, HostTensor> inputs = new HashMap<>(parameters);
        inputs.putAll(rows.get(index));
        return inputs;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        for (Graph.Output output : graph.outputs()) {
            text.append(", ").append(output.name()).append(" = ").append(output.value());
        }
        graph.variables()
                .forEach(v -> text.append(", ").append(v.name()).append(' ').append(v.type()));
        graph.parameters()
                .forEach(p ->
                        text.append(", parameter ").append(p.name()).append(' ').append(p.type()));
        return text.toString();
    }

    /** Builds a case: declares inputs and makes up their values, the same ones for the same seed. */
    static final class Builder {
        private final SplittableRandom random;
        private final int rowCount;
        private final Map<String, HostTensor> parameters = new LinkedHashMap<>();
        private final List<Map<String, HostTensor>> rows = new ArrayList<>();

        Builder(long seed, int rowCount) {
            this.random = new SplittableRandom(seed);
            this.rowCount = rowCount;
            for (int i = 0; i < rowCount; i++) {
                rows.add(new LinkedHashMap<>());
            }
        }

        /** An input of these sizes. */
        Tensor input(String name, Variation variation, DType dtype, Values values, long... sizes) {
            long phase = name.charAt(0) * 5L;
            if (variation == Variation.CONSTANT) {
                return Tensors.constant(values.tensor(dtype, sizes, phase, random));
            }
            if (variation == Variation.PARAMETER) {
                parameters.put(name, values.tensor(dtype, sizes, phase, random));
                return Tensors.parameter(name, TensorType.of(dtype, sizes));
            }
            for (int row = 0; row < rowCount; row++) {
                rows.get(row).put(name, values.tensor(dtype, sizes, phase + row, random));
            }
            return variable(name, variation, dtype, sizes);
        }

        /** A column of integers from {@code from} to below {@code to}. */
        Tensor positions(String name, DType dtype, long from, long to, long... sizes) {
            for (Map<String, HostTensor> row : rows) {
                HostTensor positions = HostTensor.zeros(dtype, sizes);
                for (long i = 0; i < positions.elementCount(); i++) {
                    positions.setLong(i, random.nextLong(from, to));
                }
                row.put(name, positions);
            }
            return variable(name, Variation.ROW, dtype, sizes);
        }

        private static Variable variable(String name, Variation variation, DType dtype, long... sizes) {
            List<Dim> dims = new ArrayList<>();
            for (long size : sizes) {
                dims.add(variation == Variation.UNKNOWN && size != 1 ? Dim.named("d" + size) : Dim.of(size));
            }
            return Tensors.variable(name, new TensorType(dtype, new Shape(dims)));
        }

        ConformanceCase of(String name, Tensor... values) {
            Graph.Output[] outputs = new Graph.Output[values.length];
            for (int i = 0; i < values.length; i++) {
                outputs[i] = new Graph.Output("y" + i, values[i]);
            }
            return new ConformanceCase(name, Graph.of(outputs), parameters, rows);
        }
    }
}
