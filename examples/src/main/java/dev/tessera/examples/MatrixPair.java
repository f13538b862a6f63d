package dev.tessera.examples;

import java.io.Serializable;

/** A row of two matrices: a Java bean, so that Spark's encoder takes them as primitive arrays. */
public final class MatrixPair implements Serializable {
    private static final long serialVersionUID = 1;

    private long number;
    private float[] left = {};
    private float[] right = {};

    public long getNumber() {
        return number;
    }

    public void setNumber(long number) {
        this.number = number;
    }

    /** Row-major. */
    public float[] getLeft() {
        return left;
    }

    public void setLeft(float[] left) {
        this.left = left;
    }

    /** Row-major. */
    public float[] getRight() {
        return right;
    }

    public void setRight(float[] right) {
        this.right = right;
    }
}
