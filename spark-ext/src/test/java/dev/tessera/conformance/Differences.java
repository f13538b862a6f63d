package dev.tessera.conformance;

import dev.tessera.cpu.CpuBackendProvider;
import dev.tessera.cuda.CudaBackendProvider;
import dev.tessera.eval.Bounded;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.tensor.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The largest difference from the oracle that each row of the conformance table shows on each backend, as a share of the
 * bound that is declared: kept with the sources for the README's table of ops. {@link #main} measures them again, which needs
 * g++ and NVRTC.
 */
final class Differences {
    /** A line for each row: its name, that of the CPU, and that of the CUDA backend on the simulated device. */
    static final String RESOURCE = "src/test/resources/dev/tessera/conformance/differences.tsv";

    private Differences() {}

    /** As shares of the bounds; 0 is no difference. */
    record Largest(double cpu, double cuda) {}

    static Map<String, Largest> read(Path module) {
        Map<String, Largest> rows = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(module.resolve(RESOURCE))) {
                String[] fields = line.split("\t", -1);
                rows.put(fields[0], new Largest(Double.parseDouble(fields[1]), Double.parseDouble(fields[2])));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** The argument is the folder of spark-ext. */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> settings = Map.of(
                "spark.tessera.gpu.libraryPath", SimulatedCuda.libraryFolder().toString());
        List<String> lines = new ArrayList<>();
        try (Backend cpu = new CpuBackendProvider().open(new RuntimeOptions(1, Map.of()));
                Backend cuda = new CudaBackendProvider().open(new RuntimeOptions(1, settings))) {
            for (Map.Entry<String, Supplier<List<ConformanceCase>>> row :
                    ConformanceSuite.rows().entrySet()) {
                double onCpu = 0;
                double onCuda = 0;
                for (ConformanceCase testCase : row.getValue().get()) {
                    List<List<Bounded>> expected = Conformance.expected(testCase);
                    onCpu = Math.max(onCpu, largest(expected, new BackendSubject(cpu).run(testCase)));
                    onCuda = Math.max(onCuda, largest(expected, new BackendSubject(cuda).run(testCase)));
                }
                lines.add(String.format(Locale.ROOT, "%s\t%.2f\t%.2f", row.getKey(), onCpu, onCuda));
                System.out.println(lines.get(lines.size() - 1));
            }
        }
        Files.write(Path.of(arguments[0]).resolve(RESOURCE), lines);
    }

    private static double largest(List<List<Bounded>> expected, Subject.Results results) {
        double largest = 0;
        for (int row = 0; row < expected.size(); row++) {
            for (int output = 0; output < expected.get(row).size(); output++) {
                Bounded bounded = expected.get(row).get(output);
                largest = Math.max(
                        largest, largest(bounded, results.outputs().get(output).row(row)));
            }
        }
        return largest;
    }

    /** Of the finite elements that have a bound. */
    private static double largest(Bounded expected, HostTensor actual) {
        double largest = 0;
        for (int i = 0; i < expected.elementCount() && expected.dtype().isFloating(); i++) {
            double difference = Math.abs(actual.doubleAt(i) - expected.expected(i));
            if (Double.isFinite(expected.bound(i)) && Double.isFinite(expected.expected(i)) && difference > 0) {
                largest = Math.max(largest, difference / expected.bound(i));
            }
        }
        return largest;
    }
}
