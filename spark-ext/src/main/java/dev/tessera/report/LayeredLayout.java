package dev.tessera.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Places the boxes of a layered drawing: their order within a layer by the mean position of their neighbours, swept down
 * and up, so that few edges cross; then their centres, as near those of their neighbours as their widths allow. Each
 * box's layer is given, and every edge joins neighbouring layers. Used once, by one thread.
 */
final class LayeredLayout {
    private static final int ORDER_SWEEPS = 8;
    private static final int PLACE_SWEEPS = 12;
    private static final double GAP = 26;

    private final List<List<Box>> layers;

    private LayeredLayout(List<List<Box>> layers) {
        this.layers = layers;
    }

    /** Orders each layer and sets every centre, the leftmost edge being at {@code margin}. */
    static void place(List<List<Box>> layers, double margin) {
        LayeredLayout layout = new LayeredLayout(layers);
        layout.order();
        layout.settle();
        double left = Double.POSITIVE_INFINITY;
        for (List<Box> layer : layers) {
            for (Box box : layer) {
                left = Math.min(left, box.left());
            }
        }
        for (List<Box> layer : layers) {
            for (Box box : layer) {
                box.center += margin - left;
            }
        }
    }

    private void order() {
        layers.forEach(LayeredLayout::number);
        for (int sweep = 0; sweep < ORDER_SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int i = 0; i < layers.size(); i++) {
                List<Box> layer = layers.get(down ? i : layers.size() - 1 - i);
                for (Box box : layer) {
                    box.position = meanPosition(down ? box.above : box.below, box.position);
                }
                layer.sort(Comparator.comparingDouble(box -> box.position));
                number(layer);
            }
        }
    }

    // Relative to the layer's middle, so that layers of different lengths compare.
    private static void number(List<Box> layer) {
        for (int i = 0; i < layer.size(); i++) {
            layer.get(i).position = i - (layer.size() - 1) / 2.0;
        }
    }

    private static double meanPosition(List<Box.Link> links, double otherwise) {
        return links.stream()
                .mapToDouble(link -> link.box().position + link.port())
                .average()
                .orElse(otherwise);
    }

    private void settle() {
        for (List<Box> layer : layers) {
            place(layer, layer.stream().mapToDouble(box -> 0).toArray());
        }
        for (int sweep = 0; sweep < PLACE_SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int i = 0; i < layers.size(); i++) {
                List<Box> layer = layers.get(down ? i : layers.size() - 1 - i);
                place(
                        layer,
                        layer.stream().mapToDouble(box -> wanted(box, down)).toArray());
            }
        }
    }

    private static double wanted(Box box, boolean down) {
        List<Box.Link> first = down ? box.above : box.below;
        List<Box.Link> links = first.isEmpty() ? (down ? box.below : box.above) : first;
        double sum = 0;
        double weights = 0;
        for (Box.Link link : links) {
            sum += weight(link.box()) * link.x();
            weights += weight(link.box());
        }
        return links.isEmpty() ? box.center : sum / weights;
    }

    // Constants make way for what flows; long edges become straight.
    private static double weight(Box box) {
        return switch (box.kind) {
            case CONSTANT -> 0.01;
            case VARIABLE, PARAMETER, OP, PRODUCT, OUTPUT, CUT -> 1;
            case BEND -> 4;
        };
    }

    /**
     * The centres nearest to those wanted, in weighted least squares, that keep the order and the gaps: with the widths
     * before each box taken off, an isotonic regression, solved by pooling neighbours that are out of order.
     */
    private static void place(List<Box> layer, double[] wanted) {
        double[] offset = new double[layer.size()];
        for (int i = 1; i < offset.length; i++) {
            offset[i] = offset[i - 1] + (layer.get(i - 1).width + layer.get(i).width) / 2 + GAP;
        }
        List<Pool> pools = new ArrayList<>();
        for (int i = 0; i < offset.length; i++) {
            Pool pool = new Pool(wanted[i] - offset[i], weight(layer.get(i)), 1);
            while (!pools.isEmpty() && pools.get(pools.size() - 1).mean() > pool.mean()) {
                pool = pools.remove(pools.size() - 1).with(pool);
            }
            pools.add(pool);
        }
        int next = 0;
        for (Pool pool : pools) {
            for (int i = 0; i < pool.count(); i++, next++) {
                layer.get(next).center = pool.mean() + offset[next];
            }
        }
    }

    /** Neighbours that touch. */
    private record Pool(double mean, double weight, int count) {
        Pool with(Pool other) {
            double sum = weight + other.weight;
            return new Pool((mean * weight + other.mean * other.weight) / sum, sum, count + other.count);
        }
    }
}
