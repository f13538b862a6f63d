package dev.tessera.cpu;

import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.blas.OpenBlas;
import dev.tessera.cpu.math.Primitives;
import dev.tessera.cpu.memory.NativeMemory;
import dev.tessera.cpu.program.InstructionSet;
import dev.tessera.cpu.step.Kernels;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;

/**
 * The backend of the CPU: OpenBLAS for products where it loads, and primitives in plain Java or, once they are warm, on
 * the Vector API. Thread-safe.
 */
final class CpuBackend implements Backend {
    static final String OPENBLAS_SETTING = "spark.tessera.cpu.openblas.enabled";
    static final String VECTOR_SETTING = "spark.tessera.cpu.vectorApi.enabled";

    private final Primitives primitives;
    private final Products products;
    private final NativeMemory memory;

    /** The products, and how receipts name where they run. */
    private record Products(MatrixProduct product, String description) {}

    private CpuBackend(Primitives primitives, Products products, NativeMemory memory) {
        this.primitives = primitives;
        this.products = products;
        this.memory = memory;
    }

    static CpuBackend open(RuntimeOptions options) {
        LibraryFolder folder = LibraryFolder.of(options);
        Primitives primitives = isEnabled(options, VECTOR_SETTING) ? Primitives.start() : Primitives.plain();
        if (!isEnabled(options, OPENBLAS_SETTING)) {
            return withoutOpenBlas(primitives, "OpenBLAS is switched off");
        }
        try {
            OpenBlas openBlas = OpenBlas.load();
            folder.deleteAtExit();
            openBlas.prime(Math.max(1, options.taskSlots()));
            Products products = new Products(MatrixProduct.on(openBlas), "OpenBLAS");
            return new CpuBackend(primitives, products, NativeMemory.offHeap());
        } catch (LinkageError | RuntimeException e) {
            // JavaCPP reports a platform without a library as either.
            return withoutOpenBlas(primitives, "OpenBLAS does not load: " + e.getMessage());
        }
    }

    private static boolean isEnabled(RuntimeOptions options, String setting) {
        return Boolean.parseBoolean(options.settings().getOrDefault(setting, "true"));
    }

    private static CpuBackend withoutOpenBlas(Primitives primitives, String why) {
        Products products = new Products(MatrixProduct.plain(), "products in plain Java: " + why);
        return new CpuBackend(primitives, products, NativeMemory.onHeap());
    }

    @Override
    public String device() {
        return device(primitives.current());
    }

    private String device(Primitives.Choice choice) {
        return "cpu (%s, %s)".formatted(products.description, choice.description());
    }

    @Override
    public BackendTask openTask(TaskSpec task) {
        // A task computes all its batches with the primitives it began with.
        Primitives.Choice choice = primitives.current();
        InstructionSet instructions = new InstructionSet(choice.floats(), choice.doubles());
        Kernels kernels = new Kernels(instructions, products.product.withSmall(choice.products()));
        return new CpuTask(task, new CpuWork(new TaskMemory(memory), kernels, device(choice)));
    }

    @Override
    public long nativeBytes() {
        return memory.outstandingBytes();
    }

    @Override
    public void close() {
        primitives.close();
    }
}
