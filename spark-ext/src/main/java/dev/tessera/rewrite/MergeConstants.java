package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/** {@code x + [1, 2] + [1, 2]}: constants of the same dtype, shape and bytes become one. */
final class MergeConstants implements GraphRewrite {
    @Override
    public Graph rewrite(Graph graph) {
        Map<TensorType, Set<Constant>> byType = new LinkedHashMap<>();
        for (Apply apply : graph.toposort()) {
            for (Tensor input : apply.inputs()) {
                if (input instanceof Constant constant) {
                    byType.computeIfAbsent(constant.type(), t -> new LinkedHashSet<>())
                            .add(constant);
                }
            }
        }
        Substitution substitution = new Substitution();
        for (Set<Constant> alike : byType.values()) {
            // Bytes are only read where there is another constant to be equal to.
            if (alike.size() > 1) {
                merge(alike, substitution);
            }
        }
        return substitution.isEmpty() ? graph : substitution.applyTo(graph);
    }

    private static void merge(Set<Constant> alike, Substitution substitution) {
        Map<Long, List<Constant>> byChecksum = new HashMap<>();
        for (Constant constant : alike) {
            List<Constant> candidates = byChecksum.computeIfAbsent(checksum(constant.value()), c -> new ArrayList<>());
            Constant same = candidates.stream()
                    .filter(other -> hasSameBytes(other, constant))
                    .findFirst()
                    .orElse(null);
            if (same == null) {
                candidates.add(constant);
            } else {
                substitution.replace(constant, same);
            }
        }
    }

    private static long checksum(HostTensor tensor) {
        CRC32C checksum = new CRC32C();
        tensor.forEachLittleEndianChunk(checksum::update);
        return checksum.getValue();
    }

    private static boolean hasSameBytes(Constant left, Constant right) {
        return Arrays.equals(left.value().toLittleEndianBytes(), right.value().toLittleEndianBytes());
    }
}
