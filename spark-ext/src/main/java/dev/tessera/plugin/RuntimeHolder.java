package dev.tessera.plugin;

import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Keeps the one runtime of this JVM, because Spark gives a task no handle to a plugin instance, and that of its driver, if
 * it is one and evaluates calls itself. Started by whoever comes first; closed by the plugin or when the JVM ends.
 * Thread-safe.
 */
public final class RuntimeHolder {
    private static final String GPU_RESOURCE = "gpu";
    private static final Pattern LOCAL_THREADS = Pattern.compile("local\\[(\\d+)(,\\s*\\d+)?]");

    private static final ExecutorCounters COUNTERS = new ExecutorCounters();

    private static @Nullable ExecutorRuntime runtime;
    private static @Nullable ExecutorRuntime driverRuntime;
    private static boolean hasShutdownHook;

    private RuntimeHolder() {}

    /** The runtime, started if there is none. */
    public static synchronized ExecutorRuntime runtime() {
        ExecutorRuntime current = runtime;
        if (current == null) {
            current = ExecutorRuntime.start(options());
            runtime = current;
            addShutdownHook();
        }
        return current;
    }

    private static synchronized void addShutdownHook() {
        if (!hasShutdownHook) {
            Runtime.getRuntime().addShutdownHook(new Thread(RuntimeHolder::close, "tessera-shutdown"));
            hasShutdownHook = true;
        }
    }

    /** Opens a task on the runtime; in a task of Spark, on a GPU that Spark gave it, if it gave any. */
    public static BackendTask openTask(TaskSpec task) {
        return new CountedTask(runtime().openTask(task.onDevices(gpusOfTask())), COUNTERS);
    }

    private static List<String> gpusOfTask() {
        TaskContext context = TaskContext.get();
        ResourceInformation gpus =
                context == null ? null : context.resourcesJMap().get(GPU_RESOURCE);
        return gpus == null ? List.of() : List.of(gpus.addresses());
    }

    /** Opens a task on the CPU, which is what a driver has, whatever executors have. */
    public static BackendTask openOnDriver(TaskSpec task) {
        return new CountedTask(driverRuntime().openTask(task), COUNTERS);
    }

    private static synchronized ExecutorRuntime driverRuntime() {
        ExecutorRuntime current = driverRuntime;
        if (current == null) {
            RuntimeOptions options = options();
            Map<String, String> settings = new HashMap<>(options.settings());
            settings.put(TensorConf.DEVICE.key(), "cpu");
            current = ExecutorRuntime.start(new RuntimeOptions(options.taskSlots(), settings));
            driverRuntime = current;
            addShutdownHook();
        }
        return current;
    }

    /** What the tasks of this JVM ran, over all its runtimes. */
    static ExecutorCounters counters() {
        return COUNTERS;
    }

    /** Bytes of host memory outside the heap that open tasks hold now; 0 where no runtime was started. */
    public static synchronized long nativeBytes() {
        return nativeBytes(runtime) + nativeBytes(driverRuntime);
    }

    private static long nativeBytes(@Nullable ExecutorRuntime started) {
        return started == null ? 0 : started.nativeBytes();
    }

    /** GPUs of this process that failed for good; 0 where no runtime was started. */
    public static synchronized long lostDevices() {
        ExecutorRuntime current = runtime;
        return current == null ? 0 : current.lostDevices();
    }

    /** Closes the runtimes if there are any. No task may be open. */
    public static synchronized void close() {
        ExecutorRuntime current = runtime;
        ExecutorRuntime ofDriver = driverRuntime;
        runtime = null;
        driverRuntime = null;
        if (current != null) {
            current.close();
        }
        if (ofDriver != null) {
            ofDriver.close();
        }
    }

    /** The settings of the Spark process that this is, if it is one, and its task slots. */
    private static RuntimeOptions options() {
        SparkEnv env = SparkEnv.get();
        if (env == null) {
            return new RuntimeOptions(Runtime.getRuntime().availableProcessors(), systemProperties());
        }
        Map<String, String> settings = new HashMap<>();
        for (Tuple2<String, String> entry : env.conf().getAllWithPrefix(TensorConf.PREFIX)) {
            settings.put(TensorConf.PREFIX + entry._1(), entry._2());
        }
        return new RuntimeOptions(taskSlots(env.conf()), settings);
    }

    /** Where spark-submit leaves the settings for a driver that has no Spark yet. */
    private static Map<String, String> systemProperties() {
        Map<String, String> settings = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith(TensorConf.PREFIX)) {
                settings.put(name, System.getProperty(name));
            }
        }
        return settings;
    }

    /** What a runtime of this JVM would be started with, but for the device. */
    public static RuntimeOptions optionsFor(String device) {
        Map<String, String> settings = new HashMap<>(options().settings());
        settings.put(TensorConf.DEVICE.key(), device);
        return new RuntimeOptions(1, settings);
    }

    private static int taskSlots(SparkConf conf) {
        int taskCores = Math.max(1, conf.getInt("spark.task.cpus", 1));
        Matcher local = LOCAL_THREADS.matcher(conf.get("spark.master", ""));
        int cores = local.matches()
                ? Integer.parseInt(local.group(1))
                : conf.getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors());
        return Math.max(1, cores / taskCores);
    }
}
