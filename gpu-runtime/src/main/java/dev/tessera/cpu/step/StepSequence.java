package dev.tessera.cpu.step;

import java.util.List;

/** Several steps as one. */
record StepSequence(List<CpuStep> steps) implements CpuStep {
    StepSequence {
        steps = List.copyOf(steps);
    }

    @Override
    public void run(Frame frame) {
        for (CpuStep step : steps) {
            step.run(frame);
        }
    }
}
