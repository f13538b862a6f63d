package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.Scope;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code exp(x - max(x))} -> one row program: element-wise ops, casts and reductions of the last axis that work on each
 * other's results over the same axes run together.
 *
 * <p>Nothing is computed twice for it: what others read too becomes another output of the program. An op over fewer
 * elements than its reader (but for one per run of the last axis), and one computed less often, stay apart.
 */
final class FuseElementwise implements GraphRewrite {
    @Override
    public Graph rewrite(Graph graph) {
        return new Grouping(graph).fused();
    }

    private static final class Grouping {
        private final Graph graph;
        private final List<Apply> sorted;
        private final ValueScopes scopes;
        private final Map<Apply, FusionGroup> groups = new HashMap<>();
        /** Of each application, the most groups on a path to it, itself not counted. */
        private final Map<Apply, Integer> depths = new HashMap<>();

        Grouping(Graph graph) {
            this.graph = graph;
            this.sorted = graph.toposort();
            this.scopes = ValueScopes.of(graph);
        }

        Graph fused() {
            for (Apply apply : sorted) {
                Shape whole = ProgramAssembly.wholeOrNull(apply);
                if (whole == null) {
                    depths.put(apply, newDepth(apply));
                } else {
                    group(apply, whole);
                }
            }
            return replaced();
        }

        private void group(Apply apply, Shape whole) {
            FusionGroup group = joinable(apply, whole);
            if (group == null) {
                int depth = newDepth(apply);
                groups.put(apply, new FusionGroup(apply, whole, scopes.scope(apply), depth));
                return;
            }
            for (Tensor input : apply.inputs()) {
                FusionGroup other = group(input);
                if (other != null && other != group && other.depth() == group.depth()) {
                    group.addAll(other);
                    other.members().forEach(member -> groups.put(member, group));
                }
            }
            group.add(apply, whole);
            groups.put(apply, group);
        }

        private @Nullable FusionGroup group(Tensor value) {
            Apply owner = value.owner();
            return owner == null ? null : groups.get(owner);
        }

        private int newDepth(Apply apply) {
            int depth = 0;
            for (Tensor input : apply.inputs()) {
                FusionGroup group = group(input);
                depth = Math.max(depth, group == null ? depthOfOther(input) : group.depth() + 1);
            }
            return depth;
        }

        private int depthOfOther(Tensor value) {
            Apply owner = value.owner();
            Integer depth = owner == null ? null : depths.get(owner);
            return depth == null ? 0 : depth;
        }

        /**
         * The deepest group among the arguments, if the application can join it: nothing else that it reads may need that
         * group, which what is not deeper does not, and other groups as deep must join too.
         */
        private @Nullable FusionGroup joinable(Apply apply, Shape whole) {
            Scope scope = scopes.scope(apply);
            if (!hasOwnDims(apply, whole)) {
                return null;
            }
            FusionGroup deepest = null;
            for (Tensor input : apply.inputs()) {
                FusionGroup group = group(input);
                if (group != null && (deepest == null || group.depth() > deepest.depth())) {
                    deepest = group;
                }
            }
            if (deepest == null || !deepest.fits(apply, whole, scope)) {
                return null;
            }
            for (Tensor input : apply.inputs()) {
                FusionGroup group = group(input);
                boolean isLater = group == null && depthOfOther(input) > deepest.depth();
                boolean isApart = group != null
                        && group.depth() == deepest.depth()
                        && !(group.fits(apply, whole, scope) && fitsOthers(group, apply));
                if (isLater || isApart) {
                    return null;
                }
            }
            return deepest;
        }

        private boolean fitsOthers(FusionGroup group, Apply apply) {
            for (Tensor input : apply.inputs()) {
                FusionGroup other = group(input);
                if (other != null && other != group && other.depth() == group.depth() && !group.fits(other)) {
                    return false;
                }
            }
            return true;
        }

        /** Whether every argument has the dims of the whole, under the same names, or repeats. */
        private static boolean hasOwnDims(Apply apply, Shape whole) {
            for (Tensor input : apply.inputs()) {
                int missing = whole.rank() - input.rank();
                for (int axis = 0; axis < input.rank(); axis++) {
                    boolean fits = input.shape().dim(axis).isKnown(1)
                            || input.shape().dim(axis).equals(whole.dim(axis + missing));
                    if (!fits) {
                        return false;
                    }
                }
            }
            return true;
        }

        private Graph replaced() {
            Set<Tensor> readOutside = readOutside();
            Map<FusionGroup, List<Apply>> members = new LinkedHashMap<>();
            for (Apply apply : sorted) {
                FusionGroup group = groups.get(apply);
                if (group != null && group.members().size() > 1) {
                    members.computeIfAbsent(group, g -> new ArrayList<>()).add(apply);
                }
            }
            Substitution substitution = new Substitution();
            for (List<Apply> ofGroup : members.values()) {
                List<Tensor> outputs = new ArrayList<>();
                ofGroup.forEach(member -> outputs.add(member.output()));
                outputs.retainAll(readOutside);
                Apply fused = ProgramAssembly.assemble(ofGroup, outputs);
                for (int i = 0; i < outputs.size(); i++) {
                    substitution.replace(outputs.get(i), fused.outputs().get(i));
                }
            }
            return substitution.isEmpty() ? graph : substitution.applyTo(graph);
        }

        /** What another group, an op of another kind or the graph's caller reads. */
        private Set<Tensor> readOutside() {
            Set<Tensor> values = new HashSet<>();
            for (Apply apply : sorted) {
                for (Tensor input : apply.inputs()) {
                    if (group(input) != groups.get(apply)) {
                        values.add(input);
                    }
                }
            }
            graph.outputs().forEach(output -> values.add(output.value()));
            return values;
        }
    }
}
