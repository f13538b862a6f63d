package dev.tessera.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuNeverTouchesCudaTest {
    @TempDir
    Path folder;

    @Test
    void noClassOfJcudaNorOfItsPackageIsLoadedForTheCpu() throws IOException, InterruptedException {
        String output = ChildJvm.start(folder, CpuOnlyRun.class, List.of("-Xlog:class+load:file=classes.txt"))
                .await();
        assertThat(output).contains("opened ").contains(" on cpu").endsWith("status 0");
        // "[0.913s][info][class,load] dev.tessera.cpu.memory.Elements source: …"
        List<String> classes = Files.readAllLines(folder.resolve("classes.txt")).stream()
                .map(line -> line.split(" ")[1])
                .filter(name -> !name.startsWith(CpuOnlyRun.class.getName()))
                .toList();
        assertThat(classes).contains("dev.tessera.runtime.ExecutorRuntime");
        assertThat(classes)
                .noneMatch(name -> name.startsWith("jcuda."))
                .noneMatch(name -> name.startsWith("dev.tessera.cuda.driver."));
    }
}
