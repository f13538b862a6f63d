package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code concatenate((concatenate((x, y)), z))} -> {@code concatenate((x, y, z))} along one axis, when nothing else reads the inner
 * one, and a concatenation of one part is that part.
 */
final class CollapseConcats implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Concat op)) {
            return null;
        }
        if (apply.inputs().size() == 1) {
            return Patterns.ifSameType(apply, apply.inputs().get(0));
        }
        List<Tensor> parts = new ArrayList<>();
        for (Tensor part : apply.inputs()) {
            Apply owner = part.owner();
            if (owner != null && owner.op().equals(op) && surroundings.isReadOnce(part)) {
                parts.addAll(owner.inputs());
            } else {
                parts.add(part);
            }
        }
        return parts.size() == apply.inputs().size()
                ? null
                : Patterns.ifSameType(apply, Apply.of(op, parts).output());
    }
}
