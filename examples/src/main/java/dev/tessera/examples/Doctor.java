package dev.tessera.examples;

import dev.tessera.DeviceReport;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * Says what this machine, or each executor of a cluster, has of what GPUs need, runs a batch on the device that is asked
 * for, and names the first thing to fix. The exit status is 0 only if that device works, everywhere.
 */
public final class Doctor {
    static final String USAGE = """
        doctor: which devices work here, which do not, and what to fix first

          --device auto|gpu|cpu   what must work for the exit status 0; default auto: a GPU, or else the CPU
          --executors             asks every executor in a Spark job, instead of this process
          --help                  this text

        Settings are those of Spark: examples/run.sh --conf spark.tessera.gpu.libraryPath=DIR doctor
        """;

    private static final String HELP = "examples/run.sh doctor --help";

    private Doctor() {}

    /** What is asked for. */
    record Options(String device, boolean executors, boolean help) {
        /**
         * Reads a command line.
         *
         * @throws ExampleException if it is not understood
         */
        static Options parse(List<String> arguments) {
            String device = "auto";
            boolean executors = false;
            boolean help = false;
            Deque<String> left = new ArrayDeque<>(arguments);
            while (!left.isEmpty()) {
                String argument = left.remove();
                if (argument.startsWith("--device=")) {
                    device = device(argument.substring("--device=".length()));
                } else if (argument.equals("--device") && !left.isEmpty()) {
                    device = device(left.remove());
                } else if (argument.equals("--executors")) {
                    executors = true;
                } else if (argument.equals("--help") || argument.equals("-h")) {
                    help = true;
                } else {
                    throw ExampleException.usage("Cannot understand %s: see %s".formatted(argument, HELP));
                }
            }
            return new Options(device, executors, help);
        }

        private static String device(String name) {
            String device = name.toLowerCase(Locale.ROOT);
            if (!List.of("auto", "gpu", "cpu").contains(device)) {
                throw ExampleException.usage(
                        "Cannot use --device %s: it is auto, gpu or cpu, see %s".formatted(name, HELP));
            }
            return device;
        }
    }

    public static void main(String[] arguments) {
        int status;
        try {
            Options options = Options.parse(List.of(arguments));
            if (options.help()) {
                System.out.print(USAGE);
                return;
            }
            status = options.executors() ? askExecutors(options) : ask(options, System.out);
        } catch (ExampleException e) {
            System.err.println(e.getMessage());
            status = e.exitStatus();
        } catch (IllegalArgumentException e) {
            // A setting that cannot be read: the message names it.
            System.err.println(e.getMessage());
            status = ExampleException.USAGE;
        }
        System.exit(status);
    }

    /** Of this process. */
    static int ask(Options options, PrintStream out) {
        return print(List.of(DeviceReport.here(options.device())), 1, out);
    }

    private static int askExecutors(Options options) {
        SparkSession spark = SparkSession.builder().appName("doctor").getOrCreate();
        try {
            return askExecutors(spark, options, System.out);
        } finally {
            spark.stop();
        }
    }

    static int askExecutors(SparkSession spark, Options options, PrintStream out) {
        return print(DeviceReport.ofExecutors(spark, options.device()), DeviceReport.executorCount(spark), out);
    }

    private static int print(List<DeviceReport> reports, int expected, PrintStream out) {
        reports.forEach(out::println);
        long working = reports.stream().filter(DeviceReport::works).count();
        out.printf(
                Locale.ROOT,
                "The device that was asked for works in %d of %d %s%s.%n",
                working,
                reports.size(),
                reports.size() == 1 ? "process" : "processes",
                reports.size() < expected ? "; %d more took no task".formatted(expected - reports.size()) : "");
        boolean all = working == reports.size() && !reports.isEmpty();
        if (!all && reports.size() > 1) {
            reports.stream()
                    .filter(report -> !report.works())
                    .findFirst()
                    .ifPresent(report -> out.println("First to fix: " + report.firstToFix()));
        }
        return all ? 0 : ExampleException.FAILURE;
    }
}
