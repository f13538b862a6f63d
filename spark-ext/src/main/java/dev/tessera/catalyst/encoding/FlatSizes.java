package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The sizes of a tensor whose elements come in one run, without its shape: all are known but at most one, which the
 * count of the elements decides. Immutable.
 */
final class FlatSizes {
    private final TensorType type;
    private final long[] sizes;
    private final int unknownAxis;
    private final long knownCount;

    private FlatSizes(TensorType type, long[] sizes, int unknownAxis, long knownCount) {
        this.type = type;
        this.sizes = sizes;
        this.unknownAxis = unknownAxis;
        this.knownCount = knownCount;
    }

    /** The sizes of {@code type}, where it leaves them open those in {@code declared}; empty if two are unknown. */
    static Optional<FlatSizes> of(TensorType type, List<Long> declared) {
        long[] sizes = ColumnDeclaration.knownSizes(type, declared);
        int unknownAxis = -1;
        long known = 1;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] != ColumnDeclaration.UNKNOWN) {
                known = Math.multiplyExact(known, sizes[axis]);
            } else if (unknownAxis < 0) {
                unknownAxis = axis;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new FlatSizes(type, sizes, unknownAxis, known));
    }

    /**
     * Stores the sizes of a value of {@code count} elements.
     *
     * @throws BadValueException if no sizes give this count; {@code form} names what was found
     */
    void resolve(long count, String form, long[] target) {
        boolean fits = unknownAxis < 0 ? count == knownCount : count >= 0 && isMultiple(count);
        if (!fits) {
            throw new BadValueException("%s of %d elements".formatted(form, count), expected());
        }
        System.arraycopy(sizes, 0, target, 0, sizes.length);
        if (unknownAxis >= 0) {
            target[unknownAxis] = knownCount == 0 ? 0 : count / knownCount;
        }
    }

    private boolean isMultiple(long count) {
        return knownCount == 0 ? count == 0 : count % knownCount == 0;
    }

    /** The type and, where it has not one axis, the element count. */
    private String expected() {
        if (sizes.length == 1) {
            return type.toString();
        }
        return "%s: %s%d elements".formatted(type, unknownAxis < 0 ? "" : "a multiple of ", knownCount);
    }
}
