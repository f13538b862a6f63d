package dev.tessera.report;

import java.util.ArrayList;
import java.util.List;

/**
 * What a drawing places: a node, or a bend of an edge where it passes a layer. Its identity is its place in the drawing.
 * Mutable while the layout works on it, by one thread.
 */
final class Box {
    /** How a node is drawn. */
    enum Kind {
        VARIABLE,
        PARAMETER,
        CONSTANT,
        OP,
        PRODUCT,
        OUTPUT,
        CUT,
        BEND
    }

    final Kind kind;
    final String title;
    final String detail;
    final double width;
    final List<Link> above = new ArrayList<>();
    final List<Link> below = new ArrayList<>();
    int inputs;
    int outputs = 1;
    int layer;
    /** Its place in the order of its layer, in boxes from the layer's middle. */
    double position;

    double center;

    Box(Kind kind, String title, String detail, double width) {
        this.kind = kind;
        this.title = title;
        this.detail = detail;
        this.width = width;
    }

    double left() {
        return center - width / 2;
    }

    /** An end of an edge at another box, and where along that box's width: -0.5 is its left, 0.5 its right side. */
    record Link(Box box, double port) {
        double x() {
            return box.center + port * box.width;
        }
    }

    /** Where an input's edge ends: along the upper side, in the order of the arguments. */
    Link input(int argument) {
        return new Link(this, (argument + 1.0) / (Math.max(1, inputs) + 1) - 0.5);
    }

    /** Where an output's edge begins: along the lower side. */
    Link output(int output) {
        return new Link(this, (output + 0.5) / outputs - 0.5);
    }

    boolean isBend() {
        return kind == Kind.BEND;
    }
}
