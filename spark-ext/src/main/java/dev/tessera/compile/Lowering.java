package dev.tessera.compile;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Variable;
import dev.tessera.plan.CopyStep;
import dev.tessera.plan.CumulativeSumStep;
import dev.tessera.plan.GatherStep;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.Scope;
import dev.tessera.plan.SyrkStep;
import dev.tessera.plan.TopKStep;
import dev.tessera.rewrite.ValueScopes;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a rewritten graph into steps: each value becomes a view of a buffer, each op that computes becomes steps, each
 * op that only looks at its input in another way becomes a view.
 */
final class Lowering {
    private final PlanDraft draft = new PlanDraft();
    private final Map<Tensor, Operand> views = new HashMap<>();
    private final ValueScopes scopes;
    private final Placements placements;

    private Lowering(Graph graph) {
        this.scopes = ValueScopes.of(graph);
        this.placements = Placements.of(graph, scopes);
    }

    /** A plan in which no two values share a buffer, and where its outputs are. */
    record Lowered(PlanDraft draft, List<Operand> outputs) {
        Lowered {
            outputs = List.copyOf(outputs);
        }
    }

    static Lowered lower(Graph graph) {
        Lowering lowering = new Lowering(graph);
        for (Variable variable : graph.variables()) {
            lowering.views.put(variable, lowering.draft.input(variable.name(), Scope.ROW, variable.type()));
        }
        for (Parameter parameter : graph.parameters()) {
            lowering.views.put(parameter, lowering.draft.input(parameter.name(), Scope.PARAMETER, parameter.type()));
        }
        for (Apply apply : graph.toposort()) {
            apply.op().accept(lowering.new OfApply(apply));
        }
        List<Operand> outputs = new ArrayList<>();
        for (Graph.Output output : graph.outputs()) {
            outputs.add(lowering.contiguous(output.value()));
        }
        return new Lowered(lowering.draft, outputs);
    }

    private Operand view(Tensor value) {
        if (value instanceof Constant constant) {
            return views.computeIfAbsent(value, v -> draft.constant(constant.value()));
        }
        Operand view = views.get(value);
        if (view == null) {
            throw new IllegalStateException("Nothing computes " + value + " of " + value.type());
        }
        return view;
    }

    /** A view of a value that is contiguous, as the outputs of a plan are; copied only if it must be. */
    private Operand contiguous(Tensor value) {
        Operand view = view(value);
        return view.isContiguous() ? view : copy(view, value);
    }

    private Operand copy(Operand view, Tensor value) {
        Operand out = buffer(value);
        draft.add(new CopyStep(view, out));
        return out;
    }

    /** Where an op writes an output: a buffer of its own, or its place in the one that it is concatenated into. */
    private Operand allocate(Tensor value) {
        Operand placed = placements.place(value, this::allocated, this::buffer);
        Operand out = placed != null ? placed : buffer(value);
        views.put(value, out);
        return out;
    }

    private Operand buffer(Tensor value) {
        return draft.allocate(scopes.scope(value), value.type());
    }

    /** What {@link #allocate} gave, or gives if this is the first to ask. */
    private Operand allocated(Tensor value) {
        Operand out = views.get(value);
        return out != null ? out : allocate(value);
    }

    /** The steps and views of one application. */
    private final class OfApply implements Op.Visitor<Void> {
        private final Apply apply;

        OfApply(Apply apply) {
            this.apply = apply;
        }

        private Operand in(int index) {
            return view(apply.inputs().get(index));
        }

        private Void is(Operand view) {
            views.put(apply.output(), view);
            return done();
        }

        @SuppressWarnings("NullAway") // Void has no other value.
        private Void done() {
            return null;
        }

        private Void notLowered() {
            throw new IllegalStateException(apply + " is rewritten to other ops before a plan is made");
        }

        @Override
        public Void visit(Op.Elementwise op) {
            return notLowered();
        }

        @Override
        public Void visit(Op.Cast op) {
            return notLowered();
        }

        @Override
        public Void visit(Op.Reduce op) {
            return notLowered();
        }

        @Override
        public Void visit(Op.MatMul op) {
            return product(new Op.Gemm(false, null));
        }

        @Override
        public Void visit(Op.Reshape op) {
            Operand reshaped = Views.reshape(in(0), op.shape());
            Operand source =
                    reshaped != null ? reshaped : copy(in(0), apply.inputs().get(0));
            return is(reshaped != null ? reshaped : Operand.contiguous(source.slot(), op.shape()));
        }

        @Override
        public Void visit(Op.DimShuffle op) {
            return is(Views.dimShuffle(in(0), op.order()));
        }

        @Override
        public Void visit(Op.BroadcastTo op) {
            return is(Views.broadcast(in(0), op.shape()));
        }

        @Override
        public Void visit(Op.Slice op) {
            return is(Views.slice(in(0), op.ranges()));
        }

        @Override
        public Void visit(Op.Diagonal op) {
            Shape shape = apply.output().shape();
            return is(Views.diagonal(in(0), op, shape.dim(shape.rank() - 1)));
        }

        @Override
        public Void visit(Op.Concat op) {
            Operand out = allocated(apply.output());
            for (int i = 0; i < apply.inputs().size(); i++) {
                copyIntoPart(out, i);
            }
            return done();
        }

        @Override
        public Void visit(Op.Pad op) {
            Operand out = allocated(apply.output());
            for (Operand border : Parts.borders(out, op, apply.inputs().get(0).shape())) {
                draft.add(new CopyStep(Views.broadcast(in(1), border.dims()), border));
            }
            copyIntoPart(out, 0);
            return done();
        }

        private void copyIntoPart(Operand out, int index) {
            if (!placements.isInPlace(apply, index)) {
                Operand part = Parts.of(out, apply, index);
                draft.add(new CopyStep(Views.withDims(in(index), part.dims()), part));
            }
        }

        @Override
        public Void visit(Op.Take op) {
            Operand out = allocate(apply.output());
            draft.add(new GatherStep(in(0), in(1), op.axis(), out));
            return done();
        }

        @Override
        public Void visit(Op.TopK op) {
            Operand values = allocate(apply.outputs().get(0));
            Operand indices = allocate(apply.outputs().get(1));
            draft.add(new TopKStep(
                    Views.moveAxisLast(in(0), op.axis()),
                    Views.moveAxisLast(values, op.axis()),
                    Views.moveAxisLast(indices, op.axis())));
            return done();
        }

        @Override
        public Void visit(Op.CumulativeSum op) {
            draft.add(new CumulativeSumStep(in(0), op.axis(), allocate(apply.output())));
            return done();
        }

        @Override
        public Void visit(Op.Softmax op) {
            return notLowered();
        }

        @Override
        public Void visit(Op.LogSumExp op) {
            return notLowered();
        }

        @Override
        public Void visit(Op.Gemm op) {
            return product(op);
        }

        private Void product(Op.Gemm op) {
            Operand out = allocate(apply.output());
            int rank = out.rank();
            List<Dim> a = new ArrayList<>(out.dims());
            List<Dim> b = new ArrayList<>(out.dims());
            Dim depth = in(0).dims().get(in(0).rank() - 1);
            a.set(rank - 1, depth);
            b.set(rank - 2, depth);
            draft.add(new GemmStep(
                    Views.broadcast(in(0), a),
                    Views.broadcast(in(1), b),
                    op.hasBias() ? Views.broadcast(in(2), out.dims()) : null,
                    op.activation(),
                    out));
            return done();
        }

        @Override
        public Void visit(Op.Syrk op) {
            draft.add(new SyrkStep(in(0), allocate(apply.output())));
            return done();
        }

        @Override
        public Void visit(Op.Fused op) {
            List<Operand> inputs =
                    apply.inputs().stream().map(Lowering.this::view).toList();
            List<Operand> outputs =
                    apply.outputs().stream().map(Lowering.this::allocate).toList();
            draft.add(new FusedStep(apply, op.program()).step(inputs, outputs));
            return done();
        }
    }
}
