package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code squeeze(s) * y} -> {@code squeeze(s * expand(y))} where the last axis is dropped: an op on the result of a reduction can
 * then join its row program.
 */
final class SinkSqueezes implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        boolean isElementwise = apply.op() instanceof Op.Elementwise || apply.op() instanceof Op.Cast;
        if (!isElementwise || apply.output().rank() >= Shape.MAX_RANK) {
            return null;
        }
        boolean isSqueezed = false;
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor input : apply.inputs()) {
            Tensor kept = kept(input);
            isSqueezed |= kept != null
                    && kept.rank() == apply.output().rank() + 1
                    && surroundings.scope(kept) == surroundings.scope(apply.output());
            inputs.add(kept != null ? kept : expanded(input));
        }
        if (!isSqueezed) {
            return null;
        }
        Tensor wide = Apply.of(apply.op(), inputs).output();
        List<Integer> order = IntStream.range(0, wide.rank() - 1).boxed().toList();
        return Patterns.ifSameType(
                apply, Apply.of(new Op.DimShuffle(order), wide).output());
    }

    /** What {@code value} was before its last axis was dropped, if a row program computes that, else null. */
    private static @Nullable Tensor kept(Tensor value) {
        Apply squeeze = Patterns.ownerIfSqueeze(value);
        if (squeeze == null) {
            return null;
        }
        Tensor source = squeeze.inputs().get(0);
        boolean dropsLast = source.rank() == value.rank() + 1
                && (value.rank() == 0
                        || ((Op.DimShuffle) squeeze.op()).order().get(value.rank() - 1) == value.rank() - 1);
        return dropsLast && source.owner() != null && ProgramAssembly.wholeOrNull(source.owner()) != null
                ? source
                : null;
    }

    private static Tensor expanded(Tensor value) {
        if (ProgramAssembly.isImmediate(value)) {
            return value;
        }
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, value.rank()).boxed().toList());
        order.add(Op.DimShuffle.NEW_AXIS);
        return Apply.of(new Op.DimShuffle(order), value).output();
    }
}
