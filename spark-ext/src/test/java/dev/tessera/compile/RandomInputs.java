package dev.tessera.compile;

import dev.tessera.expr.Graph;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Values for the inputs of a graph, the same for the same seed. */
final class RandomInputs {
    private RandomInputs() {}

    /** A value for every variable and parameter by name, for one row. */
    static Map<String, HostTensor> of(Graph graph, DimBinding sizes, long seed) {
        Random random = new Random(seed);
        Map<String, HostTensor> values = new HashMap<>();
        graph.variables().forEach(v -> values.put(v.name(), tensor(v.type(), sizes, random)));
        graph.parameters().forEach(p -> values.put(p.name(), tensor(p.type(), sizes, random)));
        return values;
    }

    private static HostTensor tensor(TensorType type, DimBinding sizes, Random random) {
        HostTensor tensor = HostTensor.zeros(type.dtype(), type.shape().sizes(sizes));
        for (long i = 0; i < tensor.elementCount(); i++) {
            if (type.dtype().isFloating()) {
                tensor.setDouble(i, random.nextGaussian() * 2);
            } else {
                tensor.setLong(i, type.dtype() == DType.BOOL ? random.nextInt(2) : random.nextInt(9) - 4);
            }
        }
        return tensor;
    }
}
