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
    static final String MAX_CONSTANT_BYTES_SETTING = "spark.tessera.cpu.maxConstantBytes";

    private static final long DEFAULT_MAX_CONSTANT_BYTES = 128L << 20;

    private final Primitives primitives;
    private final Products products;
    private final NativeMemory memory;
    private final SharedConstants constants;

    /** The products, and how receipts name where they run. */
    private record Products(MatrixProduct product, String description) {}

    private CpuBackend(Primitives primitives, Products products, boolean isNative, long maxConstantBytes) {
        this.primitives = primitives;
        this.products = products;
        this.memory = memory(isNative);
        this.constants = new SharedConstants(memory(isNative), maxConstantBytes);
    }

    private static NativeMemory memory(boolean isNative) {
        return isNative ? NativeMemory.offHeap() : NativeMemory.onHeap();
    }

    static CpuBackend open(RuntimeOptions options) {
        long maxConstantBytes = maxConstantBytes(options);
        Primitives primitives = isEnabled(options, VECTOR_SETTING) ? Primitives.start() : Primitives.plain();
        if (!isEnabled(options, OPENBLAS_SETTING)) {
            return withoutOpenBlas(primitives, maxConstantBytes, "OpenBLAS is switched off");
        }
        try {
            LibraryFolder.of(options).deleteAtExit();
            OpenBlas openBlas = OpenBlas.load();
            openBlas.prime(Math.max(1, options.taskSlots()));
            Products products = new Products(MatrixProduct.on(openBlas), "OpenBLAS");
            return new CpuBackend(primitives, products, true, maxConstantBytes);
        } catch (LinkageError | RuntimeException e) {
            // JavaCPP reports a platform without a library as either.
            return withoutOpenBlas(primitives, maxConstantBytes, "OpenBLAS does not load: " + e.getMessage());
        }
    }

    private static long maxConstantBytes(RuntimeOptions options) {
        String text = options.settings().get(MAX_CONSTANT_BYTES_SETTING);
        if (text == null) {
            return DEFAULT_MAX_CONSTANT_BYTES;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("Cannot read %s: it is '%s'; set it to a number of bytes, as %d"
                    .formatted(MAX_CONSTANT_BYTES_SETTING, text, DEFAULT_MAX_CONSTANT_BYTES));
        }
        return Long.parseLong(text);
    }

    private static boolean isEnabled(RuntimeOptions options, String setting) {
        return Boolean.parseBoolean(options.settings().getOrDefault(setting, "true"));
    }

    private static CpuBackend withoutOpenBlas(Primitives primitives, long maxConstantBytes, String why) {
        Products products = new Products(MatrixProduct.plain(), "products in plain Java: " + why);
        return new CpuBackend(primitives, products, false, maxConstantBytes);
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
        return new CpuTask(task, new CpuWork(new TaskMemory(memory), kernels, device(choice)), constants);
    }

    @Override
    public long nativeBytes() {
        return memory.outstandingBytes();
    }

    /** The bytes of constants that tasks share, and of what is computed from them, whether tasks use them now or not. */
    long heldConstantBytes() {
        return constants.heldBytes();
    }

    @Override
    public void close() {
        constants.close();
        primitives.close();
    }
}
