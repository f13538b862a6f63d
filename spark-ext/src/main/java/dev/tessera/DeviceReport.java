package dev.tessera;

import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.plugin.TensorConf;
import dev.tessera.runtime.Diagnosis;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.RuntimeOptions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * What one process has of the devices that plans run on, and whether work that it was given ran on the device that was
 * asked for. Immutable.
 */
public final class DeviceReport {
    private static final int ROUNDS = 5;
    private static final int TASKS_PER_CORE = 2;

    private final String process;
    private final String device;
    private final boolean works;
    private final String firstToFix;
    private final String details;

    private DeviceReport(String process, String device, boolean works, String firstToFix, String details) {
        this.process = process;
        this.device = device;
        this.works = works;
        this.firstToFix = firstToFix;
        this.details = details;
    }

    /**
     * The report of this process, with the settings of its Spark, or those that spark-submit gave it.
     *
     * @param device auto, gpu or cpu
     * @throws IllegalArgumentException if it is none of these, or a setting cannot be read
     */
    public static DeviceReport here(String device) {
        TensorConf.DEVICE.check(device);
        RuntimeOptions options = RuntimeHolder.optionsFor(device);
        StringBuilder details = new StringBuilder();
        Optional<Diagnosis.Part> missing = Optional.empty();
        for (Diagnosis diagnosis : ExecutorRuntime.diagnose(options)) {
            details.append(diagnosis);
            missing = missing.or(diagnosis::firstMissing);
        }
        DeviceTrial.Outcome outcome = DeviceTrial.run(options, device);
        details.append("trial ").append(outcome.text()).append(System.lineSeparator());
        String firstToFix = missing.map(part -> "%s: %s; %s".formatted(part.name(), part.reason(), part.remedy()))
                .orElse(outcome.works() ? "" : outcome.text());
        return new DeviceReport(thisProcess(), device, outcome.works(), firstToFix, details.toString());
    }

    /**
     * The reports of a session's executors, of each that a task reaches in a few rounds; of a local session, of its one
     * process.
     *
     * @param device auto, gpu or cpu
     */
    public static List<DeviceReport> ofExecutors(SparkSession session, String device) {
        TensorConf.DEVICE.check(device);
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        Map<String, DeviceReport> reports = new TreeMap<>(Comparator.naturalOrder());
        int tasks = Math.max(1, TASKS_PER_CORE * context.defaultParallelism());
        List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
        for (int round = 0; round < ROUNDS && reports.size() < executorCount(session); round++) {
            for (String[] fields : context.parallelize(new ArrayList<>(numbers), tasks)
                    .map(task -> oneByOne(device))
                    .collect()) {
                DeviceReport report = ofFields(fields);
                reports.putIfAbsent(report.process, report);
            }
        }
        return List.copyOf(reports.values());
    }

    /** How many executors a session has now: those of {@link #ofExecutors} may be fewer, where one took no task. */
    public static int executorCount(SparkSession session) {
        int all = session.sparkContext().statusTracker().getExecutorInfos().length;
        // The driver is one of them, and in a local session the only one.
        return Math.max(1, all - (session.sparkContext().isLocal() ? 0 : 1));
    }

    /** Tasks of one process wait for each other: the trial is not to find the device busy with another one. */
    private static String[] oneByOne(String device) {
        synchronized (DeviceReport.class) {
            return here(device).fields();
        }
    }

    /** What any serializer of Spark takes. */
    private String[] fields() {
        return new String[] {process, device, Boolean.toString(works), firstToFix, details};
    }

    private static DeviceReport ofFields(String[] fields) {
        return new DeviceReport(fields[0], fields[1], Boolean.parseBoolean(fields[2]), fields[3], fields[4]);
    }

    private static String thisProcess() {
        String process = ManagementFactory.getRuntimeMXBean().getName();
        SparkEnv env = SparkEnv.get();
        return (env == null ? "driver" : "executor " + env.executorId()).replace("executor driver", "driver")
                + ", process " + process;
    }

    /** The executor, and the number of its process and its host. */
    public String process() {
        return process;
    }

    /** Whether what was run on the device gave the right numbers there. */
    public boolean works() {
        return works;
    }

    /** What to mend first, with its reason, on the way to a GPU; empty if nothing is missing. */
    public String firstToFix() {
        return firstToFix;
    }

    /** Each part and device, and what became of the trial, a line each. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("%s, asked for %s%n".formatted(process, device));
        details.lines().forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        if (!firstToFix.isEmpty()) {
            text.append("  first to fix for a GPU: %s%n".formatted(firstToFix));
        }
        return text.toString();
    }
}
