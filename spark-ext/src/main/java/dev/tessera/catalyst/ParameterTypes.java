package dev.tessera.catalyst;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;

/** Whether a value may be bound to a declared input. */
public final class ParameterTypes {
    private ParameterTypes() {}

    /** Whether a tensor has the dtype, the rank and the known sizes of a type. */
    public static boolean accepts(TensorType type, HostTensor value) {
        return value.dtype() == type.dtype() && acceptsSizes(type, value.sizes());
    }

    /** Whether some sizes are of the rank of a type, and the known ones the same. */
    public static boolean acceptsSizes(TensorType type, long[] sizes) {
        if (sizes.length != type.rank()) {
            return false;
        }
        for (int axis = 0; axis < type.rank(); axis++) {
            Dim dim = type.shape().dim(axis);
            if (dim.isKnown() && dim.size() != sizes[axis]) {
                return false;
            }
        }
        return true;
    }
}
