package dev.tessera.examples;

import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.text.NpyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The multilayer perceptron 784-256-128-10 that comes with the examples, as a graph for one image. */
final class Perceptron {
    private Perceptron() {}

    /** From {@code pixels}, float32[784] from 0 to 1: {@code probabilities}, float32[10], and {@code predicted}, int32. */
    static Graph graph() {
        Variable pixels = Tensors.variable("pixels", DType.FLOAT32, Dim.of(FashionMnist.PIXELS));
        Tensor hidden1 = pixels.matmul(weights("w1")).add(weights("b1")).relu();
        Tensor hidden2 = hidden1.matmul(weights("w2")).add(weights("b2")).relu();
        Tensor probabilities = hidden2.matmul(weights("w3")).add(weights("b3")).softmax();
        Tensor predicted = probabilities.argmax().cast(DType.INT32);
        return Graph.of(new Graph.Output("probabilities", probabilities), new Graph.Output("predicted", predicted));
    }

    private static Tensor weights(String name) {
        return Tensors.constant(read("mlp/" + name + ".npy"));
    }

    /** Reads an .npy file that comes with the examples: from their jar, and so through a file of its own. */
    private static HostTensor read(String name) {
        try (InputStream in = FashionMnist.open(name)) {
            Path file = Files.createTempFile("tessera-example", ".npy");
            try {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                return NpyFile.read(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
