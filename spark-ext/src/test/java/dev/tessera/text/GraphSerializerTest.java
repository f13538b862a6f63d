package dev.tessera.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.lang.management.ManagementFactory;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GraphSerializerTest {
    private static final int BODY_AT = 40;
    private static final int MUTATIONS = 20_000;
    // Garbage is short-lived and in proportion; what a bomb would do is out of all proportion.
    private static final long ALLOWANCE_BYTES = 1 << 20;
    private static final long BYTES_PER_BYTE = 24;

    static List<Graph> samples() {
        return SampleGraphs.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void graphReadsBackTheSame(Graph graph) {
        byte[] bytes = GraphSerializer.write(graph);
        Graph read = GraphSerializer.read(bytes);

        assertThat(describe(read)).isEqualTo(describe(graph));
        assertThat(GraphSerializer.write(read)).isEqualTo(bytes);
    }

    /** All that a graph is, every value by its number, in lines. */
    private static List<String> describe(Graph graph) {
        List<String> lines = new ArrayList<>();
        Map<Tensor, Integer> numbers = new IdentityHashMap<>();
        graph.variables().forEach(v -> numbers.put(v, numbers.size()));
        graph.parameters().forEach(p -> numbers.put(p, numbers.size()));
        for (Variable variable : graph.variables()) {
            lines.add("variable " + variable.name() + " " + variable.type());
        }
        for (Parameter parameter : graph.parameters()) {
            lines.add("parameter " + parameter.name() + " " + parameter.type());
        }
        for (Apply apply : graph.toposort()) {
            apply.inputs().forEach(input -> describe(input, numbers, lines));
            lines.add(
                    apply.op() + " " + apply.inputs().stream().map(numbers::get).toList() + " " + apply.equalities());
            for (Result result : apply.outputs()) {
                numbers.put(result, numbers.size());
                lines.add("result " + result.type());
            }
        }
        for (Graph.Output output : graph.outputs()) {
            describe(output.value(), numbers, lines);
            lines.add(output.name() + " = " + numbers.get(output.value()));
        }
        return lines;
    }

    private static void describe(Tensor tensor, Map<Tensor, Integer> numbers, List<String> lines) {
        if (tensor instanceof Constant constant && !numbers.containsKey(tensor)) {
            numbers.put(tensor, numbers.size());
            lines.add("constant " + constant.isWeak() + constant.type()
                    + Arrays.toString(constant.value().toLittleEndianBytes()));
        }
    }

    @Test
    void sharedValuesAreWrittenOnce() {
        Tensor value = Tensors.variable("x", DType.FLOAT32);
        int bytes = GraphSerializer.write(Graph.of("y", value)).length;
        for (int i = 0; i < 60; i++) {
            value = value.add(value);
        }

        byte[] shared = GraphSerializer.write(Graph.of("y", value));

        assertThat(shared.length).isLessThan(bytes + 60 * 40);
        assertThat(GraphSerializer.read(shared).toposort()).hasSize(60);
    }

    @Test
    void deepGraphsAreReadWithoutRecursion() {
        Tensor value = Tensors.variable("x", DType.FLOAT64, Dim.named("n"));
        for (int i = 0; i < 20_000; i++) {
            value = value.neg();
        }

        Graph read = GraphSerializer.read(GraphSerializer.write(Graph.of("y", value)));

        assertThat(read.toposort()).hasSize(20_000);
    }

    @Test
    void identityIsThatOfTheContent() {
        Tensor x = Tensors.variable("x", DType.FLOAT32);
        byte[] first = GraphSerializer.write(Graph.of("y", x.add(1)));
        byte[] same = GraphSerializer.write(Graph.of("y", x.add(1)));
        byte[] other = GraphSerializer.write(Graph.of("y", x.add(2)));

        assertThat(GraphSerializer.identity(first))
                .hasSize(64)
                .isEqualTo(GraphSerializer.identity(same))
                .isNotEqualTo(GraphSerializer.identity(other));
    }

    @Test
    void bytesOfSomethingElseAreRefused() {
        byte[] bytes = GraphSerializer.write(Graph.of("y", Tensors.variable("x", DType.BOOL)));
        byte[] later = bytes.clone();
        later[4] = 2;
        byte[] flipped = bytes.clone();
        flipped[bytes.length - 1] ^= 1;

        assertThatThrownBy(() -> GraphSerializer.read(new byte[3]))
                .isInstanceOf(TensorFormatException.class)
                .hasMessage("Cannot read graph: 3 bytes that start no saved graph");
        assertThatThrownBy(() -> GraphSerializer.read(later))
                .isInstanceOf(TensorFormatException.class)
                .hasMessageContaining("format version 2, this Tessera reads 1");
        assertThatThrownBy(() -> GraphSerializer.read(flipped))
                .isInstanceOf(TensorFormatException.class)
                .hasMessageContaining("do not have the digest");
        assertThatThrownBy(() -> GraphSerializer.read(sealed(Arrays.copyOf(bytes, bytes.length + 1))))
                .isInstanceOf(TensorFormatException.class)
                .hasMessageContaining("1 bytes follow the end");
    }

    @Test
    void graphThatReadsAnInputItDoesNotListIsNotWritten() {
        Graph graph = new Graph(
                List.of(),
                List.of(),
                List.of(new Graph.Output("y", Tensors.variable("x", DType.BOOL).logicalNot())));

        assertThatThrownBy(() -> GraphSerializer.write(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot write graph: it reads x, which is not among its inputs");
    }

    @Test
    void mutatedBytesAreRefusedClearlyOrAreAnotherGraph() {
        SplittableRandom random = new SplittableRandom(11);
        List<byte[]> seeds = samples().stream().map(GraphSerializer::write).toList();
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = mutated(seeds.get(i % seeds.size()), random);
            long before = memory.getCurrentThreadAllocatedBytes();
            try {
                GraphSerializer.read(bytes);
                accepted++;
            } catch (TensorFormatException e) {
                assertThat(e).hasMessageStartingWith("Cannot read graph");
            }
            long allocated = memory.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).isLessThan(ALLOWANCE_BYTES + BYTES_PER_BYTE * bytes.length);
        }
        assertThat(accepted).isBetween(1, MUTATIONS - 1);
    }

    /** With a few words changed to what lies near or is extreme, cut or stretched, under a right digest. */
    private static byte[] mutated(byte[] seed, SplittableRandom random) {
        byte[] bytes = seed.clone();
        if (random.nextInt(8) == 0) {
            bytes = Arrays.copyOf(bytes, BODY_AT + random.nextInt(bytes.length - BODY_AT + 64));
        }
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && bytes.length > BODY_AT + 4; i++) {
            int at = BODY_AT + (random.nextInt(bytes.length - BODY_AT - 3) & ~3);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at + random.nextInt(4)] = (byte) random.nextInt();
                case 1 -> bytes[at] += (byte) (random.nextInt(5) - 2);
                case 2 -> Arrays.fill(bytes, at, at + 4, (byte) (random.nextBoolean() ? 0xff : 0));
                default -> bytes[at + 3] = 0x7f;
            }
        }
        return sealed(bytes);
    }

    private static byte[] sealed(byte[] bytes) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes, BODY_AT, bytes.length - BODY_AT);
            System.arraycopy(sha256.digest(), 0, bytes, 8, 32);
            return bytes;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
