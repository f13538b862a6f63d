package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.tensor.DType;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One set of class files serves every Java from 17 on: no class of a later version, none that needs previews. */
class ClassFilesTest {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int JAVA_17 = 61;

    @ParameterizedTest
    @ValueSource(classes = {DType.class, Tessera.class})
    void everyClassFileIsOfJava17(Class<?> type) throws IOException, URISyntaxException {
        Path place =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> others = new ArrayList<>();
        int count = 0;
        if (Files.isDirectory(place)) {
            count = check(place, others);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                count = check(jar.getPath("/dev/tessera"), others);
            }
        }
        assertThat(count).isGreaterThan(100);
        assertThat(others).isEmpty();
    }

    private static int check(Path folder, List<String> others) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> classes =
                    files.filter(file -> file.toString().endsWith(".class")).toList();
            for (Path file : classes) {
                try (InputStream in = Files.newInputStream(file);
                        DataInputStream header = new DataInputStream(in)) {
                    int magic = header.readInt();
                    int minor = header.readUnsignedShort();
                    int major = header.readUnsignedShort();
                    if (magic != MAGIC || minor != 0 || major != JAVA_17) {
                        others.add("%s has version %d.%d".formatted(file, major, minor));
                    }
                }
            }
            return classes.size();
        }
    }
}
