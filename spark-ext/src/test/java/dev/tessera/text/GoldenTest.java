package dev.tessera.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.TensorFunction;
import dev.tessera.eval.Bounded;
import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What every expression of {@code numpy-goldens.txt} gives, against what NumPy gave; see {@code numpy_goldens.py}. */
class GoldenTest {
    private static final String GOLDENS = "numpy-goldens.txt";
    /** Of NumPy's own functions, which are not rounded right. */
    private static final int NUMPY_ULPS = 4;

    /** Where the least error of an argument may change all, as in an argmax, NumPy's result is but one of those allowed. */
    private static final double NEARBY = 0x1p-18;

    /** A maximum may be either zero; NumPy's einsum adds its products to 0, ours may be the product. */
    private static final Pattern SIGN_OF_ZERO_IS_FREE = Pattern.compile("max|min|clip|einsum");

    private boolean isSignOfZeroFree;
    private final Map<String, HostTensor> inputs = new LinkedHashMap<>();
    private final Map<String, Variable> names = new HashMap<>();
    private final List<String> cases = new ArrayList<>();

    private void readGoldens() throws IOException {
        String other = System.getProperty("tessera.goldens");
        try (InputStream in = other == null
                        ? Objects.requireNonNull(GoldenTest.class.getResourceAsStream(GOLDENS))
                        : Files.newInputStream(Path.of(other));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
                int tab = line.indexOf('\t');
                String name = line.substring(0, tab);
                HostTensor value = tensor(line.substring(tab + 1));
                inputs.put(name, value);
                names.put(name, Tensors.variable(name, value.type()));
            }
            reader.lines().forEach(cases::add);
        }
    }

    private static HostTensor tensor(String text) {
        int open = text.indexOf('[');
        int close = text.indexOf(']');
        DType dtype = DType.ofNumpyName(text.substring(0, open));
        String sizes = text.substring(open + 1, close);
        HostTensor tensor = HostTensor.zeros(
                dtype,
                sizes.isEmpty()
                        ? new long[0]
                        : Arrays.stream(sizes.split(","))
                                .mapToLong(Long::parseLong)
                                .toArray());
        String[] elements = text.substring(close + 1).strip().split(" ");
        for (int i = 0; i < tensor.elementCount(); i++) {
            switch (dtype) {
                case FLOAT32 -> tensor.setDouble(i, Float.parseFloat(javaNumber(elements[i])));
                case FLOAT64 -> tensor.setDouble(i, Double.parseDouble(javaNumber(elements[i])));
                default -> tensor.setLong(i, Long.parseLong(elements[i]));
            }
        }
        return tensor;
    }

    private static String javaNumber(String python) {
        return python.replace("nan", "NaN").replace("inf", "Infinity");
    }

    @Test
    void everyExpressionGivesWhatNumpyGives() throws IOException {
        readGoldens();
        List<String> differences = new ArrayList<>();
        for (String line : cases) {
            String[] fields = line.split("\t");
            String difference = fields[1].equals("error") ? acceptance(fields[0]) : difference(fields);
            if (!difference.isEmpty()) {
                differences.add(fields[0] + ": " + difference);
            }
        }
        assertThat(cases).hasSizeGreaterThan(1000);
        assertThat(differences).isEmpty();
    }

    /** Nothing if an expression is refused, as NumPy refuses it. */
    private String acceptance(String expression) {
        try {
            List<Tensor> outputs = ExpressionParser.parse(expression, names);
            return "NumPy refuses it, we give " + outputs.get(0).type();
        } catch (ExpressionException | TensorTypeException e) {
            return "";
        }
    }

    private String difference(String[] fields) {
        isSignOfZeroFree = SIGN_OF_ZERO_IS_FREE.matcher(fields[0]).find();
        List<Tensor> outputs;
        try {
            outputs = ExpressionParser.parse(fields[0], names);
        } catch (ExpressionException | TensorTypeException e) {
            return "is refused: " + e.getMessage();
        }
        if (outputs.size() != fields.length - 1) {
            return "has %d outputs, not %d".formatted(outputs.size(), fields.length - 1);
        }
        List<Graph.Output> named = new ArrayList<>();
        outputs.forEach(output -> named.add(new Graph.Output("y" + named.size(), output)));
        Graph graph = Graph.of(named.toArray(Graph.Output[]::new));
        List<HostTensor> values = ReferenceEvaluator.faithful().evaluate(graph, inputs);
        List<HostTensor> compiled;
        try {
            compiled = compiled(graph);
        } catch (RuntimeException e) {
            return "does not run: " + e;
        }
        List<Bounded> bounds = ReferenceEvaluator.wide().evaluateBounded(graph, inputs);
        for (int i = 0; i < values.size(); i++) {
            String difference = difference(tensor(fields[i + 1]), values.get(i), bounds.get(i));
            if (difference.isEmpty()) {
                difference = difference(tensor(fields[i + 1]), compiled.get(i), bounds.get(i));
            }
            if (!difference.isEmpty()) {
                return difference;
            }
        }
        return "";
    }

    /** What the compiled plan gives, on the CPU. */
    private List<HostTensor> compiled(Graph graph) {
        return TensorFunction.compile(graph)
                .run(graph.variables().stream()
                        .map(variable -> inputs.get(variable.name()))
                        .toArray(HostTensor[]::new));
    }

    private String difference(HostTensor expected, HostTensor found, Bounded bounds) {
        boolean fits = expected.dtype() == found.dtype() && Arrays.equals(expected.sizes(), found.sizes());
        if (!fits) {
            return "%s, not %s".formatted(found, expected);
        }
        for (int i = 0; i < expected.elementCount(); i++) {
            boolean same = expected.dtype().isFloating()
                    ? isNear(expected.dtype(), expected.doubleAt(i), found.doubleAt(i), bounds.bound(i))
                    : Math.abs((double) expected.longAt(i) - found.longAt(i)) <= bounds.bound(i);
            if (!same) {
                return "element %d is %s, not %s"
                        .formatted(
                                i,
                                expected.dtype().isFloating() ? "" + found.doubleAt(i) : "" + found.longAt(i),
                                expected.dtype().isFloating() ? "" + expected.doubleAt(i) : "" + expected.longAt(i));
            }
        }
        return "";
    }

    private boolean isNear(DType dtype, double expected, double found, double bound) {
        if (Double.isNaN(expected) || Double.isInfinite(expected)) {
            return Double.isInfinite(bound) || Double.compare(expected, found) == 0;
        }
        if (expected == 0 && found == 0) {
            return isSignOfZeroFree || Double.compare(expected, found) == 0;
        }
        double ulp = dtype == DType.FLOAT32 ? Math.ulp((float) expected) : Math.ulp(expected);
        double allowed =
                NUMPY_ULPS * ulp + (Double.isInfinite(bound) ? NEARBY * Math.max(1, Math.abs(expected)) : bound);
        return Math.abs(expected - found) <= allowed;
    }
}
