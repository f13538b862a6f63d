package dev.tessera.examples;

import java.io.Serializable;

/** A row of the DataFrame of images: a Java bean, so that Spark's encoder takes the pixels as a primitive array. */
public final class Image implements Serializable {
    private static final long serialVersionUID = 1;

    private int image;
    private float[] pixels = {};
    private int label;

    /** Its position in the file. */
    public int getImage() {
        return image;
    }

    public void setImage(int image) {
        this.image = image;
    }

    /** 784 values from 0 to 1, row-major. */
    public float[] getPixels() {
        return pixels;
    }

    public void setPixels(float[] pixels) {
        this.pixels = pixels;
    }

    /** Its class, 0 to 9. */
    public int getLabel() {
        return label;
    }

    public void setLabel(int label) {
        this.label = label;
    }
}
