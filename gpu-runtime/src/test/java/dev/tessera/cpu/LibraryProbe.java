package dev.tessera.cpu;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that runs a product and prints where: {@code once}, or {@code twice} in two class loaders that
 * know nothing of each other; then, if given, the folder that libraries are unpacked to.
 */
public final class LibraryProbe {
    private LibraryProbe() {}

    public static void main(String[] arguments) throws Exception {
        String folder = arguments.length < 2 ? "" : arguments[1];
        if (arguments[0].equals("once")) {
            System.out.println(run(folder));
            return;
        }
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(new File(entry).toURI().toURL());
        }
        for (int i = 0; i < 2; i++) {
            // Left open, as Spark leaves those of its sessions.
            URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            Method run = loader.loadClass(LibraryProbe.class.getName()).getMethod("run", String.class);
            if (run.getDeclaringClass() == LibraryProbe.class) {
                throw new IllegalStateException("The class loaders are one");
            }
            System.out.println(run.invoke(null, folder));
        }
    }

    /** Runs products of ones, and says on what and what they gave. */
    public static String run(String folder) {
        Map<String, String> settings =
                new HashMap<>(Map.of("spark.tessera.device", "cpu", CpuBackend.VECTOR_SETTING, "false"));
        if (!folder.isEmpty()) {
            settings.put(LibraryFolder.SETTING, folder);
        }
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        HostTensor x = HostTensor.zeros(DType.FLOAT32, 300, 20);
        for (int i = 0; i < x.elementCount(); i++) {
            x.setDouble(i, i % 7);
        }
        try (ExecutorRuntime runtime = ExecutorRuntime.start(new RuntimeOptions(1, settings));
                BackendTask task = runtime.openTask(new TaskSpec(sample.plan(), sample.constants(), Map.of()));
                PendingBatch pending = task.submit(new Batch(300, DimBinding.EMPTY, List.of(x)))) {
            float[] probabilities = pending.await().outputs().get(0).toFloatArray();
            double sum = 0;
            for (float probability : probabilities) {
                sum += probability;
            }
            return "%s: %d, %d".formatted(runtime.device(), probabilities.length, Math.round(sum));
        }
    }
}
