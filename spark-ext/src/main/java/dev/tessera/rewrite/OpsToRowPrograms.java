package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code exp(x)} -> {@code fused(x)}: an element-wise op, cast or reduction becomes a row program of its own. */
final class OpsToRowPrograms implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        return ProgramAssembly.wholeOrNull(apply) == null
                ? null
                : ProgramAssembly.assemble(List.of(apply), List.of(apply.output()))
                        .output();
    }
}
