package dev.tessera.cpu.math;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cuda.driver.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The warm primitives of the Vector API twins allocate nothing, for any number of elements. What C2 makes of them depends on when
 * it gets to each: so they are compiled as soon as they are hot ({@code -Xbatch}), in a JVM that has done nothing else.
 */
class PrimitivesAllocationTest {
    private static final Pattern MEASURED = Pattern.compile("(?m)^(\\S+) (\\d+)$");
    /** Functions, pow, four reductions, and three of mixed elements, of two types each. */
    private static final int PRIMITIVES = 2 * (DoubleFunction.values().length + 1 + 4 + 3);

    @Test
    void warmPrimitivesAllocateNothing(@TempDir Path folder) throws Exception {
        VectorTwins.assumeVectorApi();
        String printed = ChildJvm.start(
                        folder,
                        AllocatingPrimitives.class,
                        List.of("-XX:TieredStopAtLevel=4", "-Xbatch", "--add-modules=jdk.incubator.vector"))
                .await();
        Map<String, Long> bytes = MEASURED.matcher(printed)
                .results()
                .filter(line -> !line.group(1).equals("status"))
                .collect(toMap(line -> line.group(1), line -> Long.valueOf(line.group(2))));
        assertThat(bytes).as("what was measured in:%n%s", printed).hasSize(PRIMITIVES);
        assertThat(bytes)
                .as("bytes of %d calls", AllocatingPrimitives.CALLS)
                .allSatisfy((primitive, allocated) -> assertThat(allocated).isLessThan(AllocatingPrimitives.CALLS));
    }
}
