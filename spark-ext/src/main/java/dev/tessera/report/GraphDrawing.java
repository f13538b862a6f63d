package dev.tessera.report;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.ExpressionText;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.OpSignature;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Variable;
import dev.tessera.plan.RowProgram;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The boxes and edges of a graph's drawing, in layers: an op is below all that it reads, and what is no op just above the
 * first op that reads it. Of a huge graph the ops nearest to the outputs are drawn.
 */
final class GraphDrawing {
    static final int MAX_OPS = 160;
    private static final int MAX_INPUTS = 16;
    private static final int MAX_OUTPUTS = 40;
    // Past this, an edge over many layers is drawn straight through them.
    private static final int MAX_BENDS = 4000;
    private static final int MAX_TITLE = 28;
    private static final int MAX_DETAIL = 40;
    private static final double PADDING = 24;
    private static final double TITLE_CHARACTER = 7.6;
    private static final double DETAIL_CHARACTER = 6.3;
    private static final double LABEL_GAP = 8;
    private static final double NARROWEST = 54;

    /** An edge through its bends: the value that goes along it, and which of its ends' ports it joins. */
    record Edge(Box from, Box to, int output, int argument, String type, List<Box> bends) {
        Box.Link start() {
            return from.output(output);
        }

        Box.Link end() {
            return to.input(argument);
        }
    }

    final List<List<Box>> layers = new ArrayList<>();
    final List<Edge> edges = new ArrayList<>();
    final int hiddenOps;
    private final Map<Tensor, Box> leaves = new HashMap<>();
    private final Map<Apply, Box> boxes = new HashMap<>();
    private final List<Box> all = new ArrayList<>();

    GraphDrawing(Graph graph) {
        List<Apply> sorted = graph.toposort();
        Set<Apply> nearest = nearest(graph);
        hiddenOps = sorted.size() - nearest.size();
        for (Apply apply : sorted) {
            if (nearest.contains(apply)) {
                add(apply);
            }
        }
        graph.outputs().stream().limit(MAX_OUTPUTS).forEach(this::add);
        assignLayers();
        bendLongEdges();
    }

    private static Set<Apply> nearest(Graph graph) {
        Set<Apply> found = new HashSet<>();
        Deque<Apply> queue = new ArrayDeque<>();
        graph.outputs().stream().limit(MAX_OUTPUTS).forEach(output -> visit(output.value(), found, queue));
        while (!queue.isEmpty()) {
            for (Tensor input : queue.remove().inputs()) {
                visit(input, found, queue);
            }
        }
        return found;
    }

    private static void visit(Tensor value, Set<Apply> found, Deque<Apply> queue) {
        Apply owner = value.owner();
        if (owner != null && found.size() < MAX_OPS && found.add(owner)) {
            queue.add(owner);
        }
    }

    private void add(Apply apply) {
        OpSignature signature = OpSignature.of(apply);
        boolean isFused = apply.op() instanceof Op.Fused;
        String detail = isFused ? scalars(((Op.Fused) apply.op()).program()) : String.join(", ", signature.arguments());
        boolean isProduct =
                apply.op() instanceof Op.MatMul || apply.op() instanceof Op.Gemm || apply.op() instanceof Op.Syrk;
        Box box = box(isProduct ? Box.Kind.PRODUCT : Box.Kind.OP, signature.name(), detail, apply.outputs());
        boxes.put(apply, box);
        int shown = Math.min(apply.inputs().size(), MAX_INPUTS);
        for (int i = 0; i < shown; i++) {
            join(apply.inputs().get(i), box, i);
        }
        if (shown < apply.inputs().size()) {
            Box rest = box(Box.Kind.CUT, "… " + (apply.inputs().size() - shown) + " more inputs", "", List.of());
            box.inputs = shown + 1;
            edges.add(new Edge(rest, box, 0, shown, "", new ArrayList<>()));
        }
    }

    /** The distinct functions of a row program, in order. */
    private static String scalars(RowProgram program) {
        return program.instructions().stream()
                .map(GraphDrawing::function)
                .filter(name -> !name.isEmpty())
                .distinct()
                .collect(Collectors.joining(" · "));
    }

    private static String function(RowProgram.Instruction instruction) {
        return instruction.accept(new RowProgram.Visitor<>() {
            @Override
            public String visit(RowProgram.Load load) {
                return "";
            }

            @Override
            public String visit(RowProgram.Immediate immediate) {
                return "";
            }

            @Override
            public String visit(RowProgram.Map map) {
                return map.op().toString();
            }

            @Override
            public String visit(RowProgram.Convert convert) {
                return convert.dtype().toString();
            }

            @Override
            public String visit(RowProgram.Reduce reduce) {
                return reduce.op().toString();
            }
        });
    }

    private void add(Graph.Output output) {
        Box box = box(Box.Kind.OUTPUT, output.name(), "", List.of());
        join(output.value(), box, 0);
    }

    private void join(Tensor value, Box reader, int argument) {
        Apply owner = value.owner();
        Box op = owner == null ? null : boxes.get(owner);
        Box from = op == null ? leaf(value) : op;
        int output = value instanceof Result result && op != null ? result.index() : 0;
        reader.inputs = Math.max(reader.inputs, argument + 1);
        edges.add(new Edge(from, reader, output, argument, type(value), new ArrayList<>()));
    }

    private Box leaf(Tensor value) {
        return leaves.computeIfAbsent(value, v -> {
            if (v instanceof Variable variable) {
                return box(Box.Kind.VARIABLE, variable.name(), "", List.of(v));
            }
            if (v instanceof Parameter parameter) {
                return box(Box.Kind.PARAMETER, parameter.name(), "", List.of(v));
            }
            if (v instanceof Constant constant) {
                boolean isScalar = constant.rank() == 0;
                return box(Box.Kind.CONSTANT, isScalar ? constant.toString() : "constant", "", List.of(v));
            }
            return box(Box.Kind.CUT, ExpressionText.of(v, MAX_TITLE), "", List.of(v));
        });
    }

    private Box box(Box.Kind kind, String title, String detail, List<? extends Tensor> values) {
        String shown = TextListing.cut(title, MAX_TITLE);
        String below = TextListing.cut(detail, MAX_DETAIL);
        double text = Math.max(shown.length() * TITLE_CHARACTER, below.length() * DETAIL_CHARACTER);
        double labels = values.stream()
                .mapToDouble(value -> type(value).length() * DETAIL_CHARACTER + LABEL_GAP)
                .sum();
        Box box = new Box(kind, shown, below, Math.max(NARROWEST, Math.max(text + PADDING, labels)));
        box.outputs = Math.max(1, values.size());
        all.add(box);
        return box;
    }

    private static String type(Tensor value) {
        return TextListing.cut(value.type().toString(), MAX_DETAIL);
    }

    private void assignLayers() {
        // Edges are in the order of the toposort, so that a reader's layer is final before it is read.
        for (Edge edge : edges) {
            edge.to().layer = Math.max(edge.to().layer, edge.from().layer + 1);
        }
        Map<Box, Integer> firstReader = new HashMap<>();
        edges.forEach(edge -> firstReader.merge(edge.from(), edge.to().layer, Math::min));
        firstReader.forEach((box, reader) -> {
            boolean isOp = box.kind == Box.Kind.OP || box.kind == Box.Kind.PRODUCT;
            box.layer = isOp ? box.layer : reader - 1;
        });
        all.forEach(box -> layer(box.layer).add(box));
    }

    private List<Box> layer(int index) {
        while (layers.size() <= index) {
            layers.add(new ArrayList<>());
        }
        return layers.get(index);
    }

    private void bendLongEdges() {
        int bends = 0;
        for (Edge edge : edges) {
            Box.Link last = edge.start();
            int between = edge.to().layer - edge.from().layer - 1;
            bends += between;
            for (int i = 1; i <= between && bends <= MAX_BENDS; i++) {
                Box bend = new Box(Box.Kind.BEND, "", "", 0);
                bend.layer = edge.from().layer + i;
                layer(bend.layer).add(bend);
                edge.bends().add(bend);
                link(last, bend.input(0));
                last = bend.output(0);
            }
            link(last, edge.end());
        }
    }

    private static void link(Box.Link above, Box.Link below) {
        above.box().below.add(below);
        below.box().above.add(above);
    }
}
