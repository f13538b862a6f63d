package dev.tessera.cpu.step;

/** A step with all its sizes known. Keeps scratch memory on the heap; confined to one thread. */
@FunctionalInterface
public interface CpuStep {
    void run(Frame frame);
}
