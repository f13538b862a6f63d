package dev.tessera.cpu;

import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.blas.OpenBlas;
import dev.tessera.cpu.math.PlainDoublePrimitives;
import dev.tessera.cpu.math.PlainFloatPrimitives;
import dev.tessera.cpu.memory.NativeMemory;
import dev.tessera.cpu.program.InstructionSet;
import dev.tessera.cpu.step.Kernels;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;

/** The backend of the CPU: OpenBLAS for products where it loads, and primitives in Java. Thread-safe. */
final class CpuBackend implements Backend {
    static final String OPENBLAS_SETTING = "spark.tessera.cpu.openblas.enabled";

    private final String device;
    private final Kernels kernels;
    private final NativeMemory memory;
    private final LibraryFolder folder;

    private CpuBackend(String device, Kernels kernels, NativeMemory memory, LibraryFolder folder) {
        this.device = device;
        this.kernels = kernels;
        this.memory = memory;
        this.folder = folder;
    }

    static CpuBackend open(RuntimeOptions options) {
        LibraryFolder folder = LibraryFolder.of(options);
        InstructionSet instructions = new InstructionSet(PlainFloatPrimitives.INSTANCE, PlainDoublePrimitives.INSTANCE);
        if (!Boolean.parseBoolean(options.settings().getOrDefault(OPENBLAS_SETTING, "true"))) {
            return plain(instructions, "OpenBLAS is switched off", folder);
        }
        try {
            OpenBlas openBlas = OpenBlas.load();
            openBlas.prime(Math.max(1, options.taskSlots()));
            Kernels kernels = new Kernels(instructions, MatrixProduct.on(openBlas));
            String device = "cpu (OpenBLAS, %s)".formatted("plain Java");
            return new CpuBackend(device, kernels, NativeMemory.offHeap(), folder);
        } catch (LinkageError | RuntimeException e) {
            // JavaCPP reports a platform without a library as either.
            return plain(instructions, "OpenBLAS does not load: " + e.getMessage(), folder);
        }
    }

    private static CpuBackend plain(InstructionSet instructions, String why, LibraryFolder folder) {
        Kernels kernels = new Kernels(instructions, MatrixProduct.plain());
        String device = "cpu (%s, products in plain Java: %s)".formatted("plain Java", why);
        return new CpuBackend(device, kernels, NativeMemory.onHeap(), folder);
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public BackendTask openTask(TaskSpec task) {
        return new CpuTask(task, new CpuWork(new TaskMemory(memory), kernels, device));
    }

    /** The native bytes of all tasks that are open. */
    long nativeBytes() {
        return memory.outstandingBytes();
    }

    @Override
    public void close() {
        folder.close();
    }
}
