package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    private static final String IMAGES = "t10k-images-idx3-ubyte.gz";
    private static final String LABELS = "t10k-labels-idx1-ubyte.gz";

    private static void copy(String name, Path to) throws IOException {
        try (InputStream in = FashionMnist.open(name)) {
            Files.copy(in, to);
        }
    }

    @Test
    void testImagesAreTenThousandOfTenClasses() {
        FashionMnist images = FashionMnist.testImages();

        assertThat(images.count()).isEqualTo(10_000);
        int[] perClass = new int[10];
        for (int i = 0; i < images.count(); i++) {
            perClass[images.label(i)]++;
        }
        // A thousand of each, as its authors say.
        assertThat(perClass).containsOnly(1000);
    }

    @Test
    void imagesAndLabelsAreFoundBesideEachOther(@TempDir Path folder) throws IOException {
        copy(IMAGES, folder.resolve("train-images-idx3-ubyte.gz"));
        copy(LABELS, folder.resolve("train-labels-idx1-ubyte.gz"));

        assertThat(FashionMnist.at(folder).count()).isEqualTo(10_000);
        assertThat(FashionMnist.at(folder.resolve("train-images-idx3-ubyte.gz")).count())
                .isEqualTo(10_000);
    }

    @Test
    void saysWhatIsMissingOrWrong(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> FashionMnist.at(folder))
                .isInstanceOf(ExampleException.class)
                .hasMessageContaining("there is no train-images-idx3-ubyte.gz in it");
        assertThatThrownBy(() -> FashionMnist.at(folder.resolve("nowhere")))
                .hasMessageContaining("there is no such file or folder");
        assertThatThrownBy(() -> FashionMnist.at(Files.createFile(folder.resolve("photos.zip"))))
                .hasMessageContaining("has images-idx3-ubyte in its name");

        copy(IMAGES, folder.resolve(IMAGES));
        assertThatThrownBy(() -> FashionMnist.at(folder))
                .hasMessage("Cannot read %s: there is no such file".formatted(folder.resolve(LABELS)));
        // Images where labels should be.
        copy(IMAGES, folder.resolve(LABELS));
        assertThatThrownBy(() -> FashionMnist.at(folder)).hasMessageContaining("it does not hold the 10000 labels");
    }

    @Test
    void refusesLabelsOfNoClass(@TempDir Path folder) throws IOException {
        byte[] image = new byte[16 + FashionMnist.PIXELS];
        System.arraycopy(new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28}, 0, image, 0, 16);
        Files.write(folder.resolve("train-images-idx3-ubyte"), image);
        Files.write(folder.resolve("train-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 10});

        assertThatThrownBy(() -> FashionMnist.at(folder)).hasMessageContaining("label 0 is 10, the classes are 0 to 9");
    }
}
