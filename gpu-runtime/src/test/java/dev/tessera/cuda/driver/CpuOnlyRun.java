package dev.tessera.cuda.driver;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import java.util.Map;

/** Starts the runtime for the CPU and opens a task. Run in a process of its own. */
public final class CpuOnlyRun {
    private CpuOnlyRun() {}

    public static void main(String[] arguments) {
        Map<String, String> settings = Map.of(
                "spark.tessera.device", "cpu",
                "spark.tessera.cpu.openblas.enabled", "false",
                "spark.tessera.cpu.vectorApi.enabled", "false");
        SamplePlans.Sample sample = SamplePlans.all().stream()
                .filter(each -> each.plan().parameters().isEmpty())
                .findFirst()
                .orElseThrow();
        try (ExecutorRuntime runtime = ExecutorRuntime.start(new RuntimeOptions(1, settings));
                BackendTask task = runtime.openTask(new TaskSpec(sample.plan(), sample.constants(), Map.of()))) {
            System.out.println("opened " + task.getClass().getSimpleName() + " on " + runtime.device());
        }
    }
}
