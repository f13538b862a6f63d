package dev.tessera.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Images of Fashion-MNIST and their labels: 28 by 28 bytes each, row-major, 0 black, and a class from 0 to 9. Never
 * modified.
 */
final class FashionMnist {
    static final int SIDE = 28;
    static final int PIXELS = SIDE * SIDE;

    /** The names of the classes, by label. */
    static final List<String> CLASSES = List.of(
            "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private static final String FOLDER = "fashion-mnist/";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte.gz";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte.gz";
    private static final String IMAGES = "images-idx3-ubyte";
    private static final String LABELS = "labels-idx1-ubyte";

    private final byte[] pixels;
    private final byte[] labels;

    private FashionMnist(IdxFile images, IdxFile labels, String imagesName, String labelsName) {
        if (images.rank() != 3 || images.size(1) != SIDE || images.size(2) != SIDE) {
            throw ExampleException.failure(
                    "Cannot use %s: it does not hold images of %d by %d pixels".formatted(imagesName, SIDE, SIDE));
        }
        if (labels.rank() != 1 || labels.size(0) != images.size(0)) {
            throw ExampleException.failure("Cannot use %s: it does not hold the %d labels of %s"
                    .formatted(labelsName, images.size(0), imagesName));
        }
        this.pixels = images.bytes();
        this.labels = labels.bytes();
        for (int i = 0; i < this.labels.length; i++) {
            if (label(i) >= CLASSES.size()) {
                throw ExampleException.failure("Cannot use %s: label %d is %d, the classes are 0 to %d"
                        .formatted(labelsName, i, label(i), CLASSES.size() - 1));
            }
        }
    }

    /** The 10,000 test images that come with the examples. */
    static FashionMnist testImages() {
        return new FashionMnist(resource(TEST_IMAGES), resource(TEST_LABELS), TEST_IMAGES, TEST_LABELS);
    }

    private static IdxFile resource(String name) {
        try (InputStream in = open(name)) {
            return IdxFile.read(in, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that comes with the examples, to be closed by the caller. */
    static InputStream open(String name) {
        InputStream in = FashionMnist.class.getResourceAsStream(FOLDER + name);
        if (in == null) {
            throw new IllegalStateException("The examples' jar has no " + FOLDER + name);
        }
        return in;
    }

    /**
     * The images and labels under a path: a file of images, its labels beside it, or a folder that has them.
     *
     * @throws ExampleException if there are none, or a file is damaged
     */
    static FashionMnist at(Path path) {
        if (!Files.exists(path)) {
            throw ExampleException.failure(
                    "Cannot read images from %s: there is no such file or folder".formatted(path));
        }
        Path images = Files.isDirectory(path) ? imagesIn(path) : path;
        Path fileName = images.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        if (!name.contains(IMAGES)) {
            throw ExampleException.failure(
                    "Cannot read images from %s: a file of images has %s in its name, and its labels are beside it"
                            .formatted(images, IMAGES));
        }
        Path labels = images.resolveSibling(name.replace(IMAGES, LABELS));
        return new FashionMnist(IdxFile.read(images), IdxFile.read(labels), images.toString(), labels.toString());
    }

    private static Path imagesIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            // "train-images…" sorts after "t10k-images…", and is what a folder of both is named for.
            return files.filter(file -> file.getFileName().toString().contains(IMAGES))
                    .max(Path::compareTo)
                    .orElseThrow(() -> ExampleException.failure(
                            "Cannot read images from %s: there is no train-%s.gz in it (Debian: apt-get install dataset-fashion-mnist, then /usr/share/datasets/fashion-mnist)"
                                    .formatted(folder, IMAGES)));
        } catch (IOException e) {
            throw ExampleException.failure("Cannot read folder %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    int count() {
        return labels.length;
    }

    int label(int image) {
        return labels[image] & 0xff;
    }

    /** A pixel of an image, 0 to 255. */
    int pixel(int image, int position) {
        return pixels[image * PIXELS + position] & 0xff;
    }

    /** All pixels of all images. */
    byte[] pixels() {
        return pixels;
    }

    byte[] labels() {
        return labels;
    }
}
