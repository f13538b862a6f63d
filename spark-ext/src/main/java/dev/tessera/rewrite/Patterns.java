package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** What several rules look for, and build. */
final class Patterns {
    private Patterns() {}

    static boolean isScalar(@Nullable Apply apply, ScalarOp scalar) {
        return apply != null && apply.op() instanceof Op.Elementwise op && op.scalar() == scalar;
    }

    /** The application of {@code scalar} that computes a value, or null if another op does. */
    static @Nullable Apply ownerIf(ScalarOp scalar, Tensor value) {
        return isScalar(value.owner(), scalar) ? value.owner() : null;
    }

    /** The argument of the function of one argument that computes a value, or null if another op does. */
    static @Nullable Tensor argumentOf(ScalarOp scalar, Tensor value) {
        Apply owner = ownerIf(scalar, value);
        return owner == null ? null : owner.inputs().get(0);
    }

    /** Whether a value is a constant of one element, which is {@code number}; 0 and -0 differ. */
    static boolean isNumber(Tensor value, double number) {
        if (!(value instanceof Constant constant) || constant.value().elementCount() != 1) {
            return false;
        }
        HostTensor tensor = constant.value();
        return tensor.dtype().isFloating()
                ? Double.compare(tensor.doubleAt(0), number) == 0
                : tensor.longAt(0) == number;
    }

    /** The other argument of a commutative function, where one is the {@code number}; null where neither is. */
    static @Nullable Tensor besides(double number, Apply apply) {
        if (isNumber(apply.inputs().get(0), number)) {
            return apply.inputs().get(1);
        }
        return isNumber(apply.inputs().get(1), number) ? apply.inputs().get(0) : null;
    }

    /** The replacement if it has the type of what it replaces: a broadcast, for one, changes the shape. */
    static @Nullable Tensor ifSameType(Apply apply, @Nullable Tensor replacement) {
        return replacement != null && replacement.type().equals(apply.output().type()) ? replacement : null;
    }

    static Tensor map(ScalarOp op, Tensor... arguments) {
        return Apply.of(new Op.Elementwise(op), arguments).output();
    }

    /** The application that only drops axes of size 1 from a value, or null if another op computes it. */
    static @Nullable Apply ownerIfSqueeze(Tensor value) {
        Apply owner = value.owner();
        if (owner == null || !(owner.op() instanceof Op.DimShuffle shuffle)) {
            return null;
        }
        int last = -1;
        for (int axis : shuffle.order()) {
            if (axis <= last) {
                return null;
            }
            last = axis;
        }
        return owner;
    }
}
