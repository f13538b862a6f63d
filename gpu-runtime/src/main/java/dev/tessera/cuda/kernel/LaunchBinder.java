package dev.tessera.cuda.kernel;

import dev.tessera.codegen.Kernel;
import dev.tessera.codegen.MapKernel;
import dev.tessera.codegen.ReduceKernel;
import dev.tessera.codegen.TopKKernel;
import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.Operand;
import dev.tessera.plan.Scope;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Chooses among the texts of a kernel by sizes that are known, and evaluates what it is called with. */
final class LaunchBinder {
    /** Below this, a stride of the grid beyond the last element is still an int. */
    private static final long NARROW_LIMIT = 1L << 30;

    /** The most blocks of a launch: enough to fill any device several times over. Kernels stride over the rest. */
    private static final long MOST_BLOCKS = 1 << 16;

    /** From this many results on, a thread of its own for each fills a device better than a block for each. */
    private static final long MANY_RESULTS = 4096;

    /** Squares of 32 x 32 that axes fill by less than half, either way, gain nothing. */
    private static final long LEAST_TILE_SIDE = 16;

    /** From more wanted elements on, sorting all is less work than searching for each. */
    private static final long MOST_SEARCHES = 32;

    private final List<BufferSlot> slots;
    private final DimBinding binding;

    LaunchBinder(List<BufferSlot> slots, DimBinding binding) {
        this.slots = slots;
        this.binding = binding;
    }

    List<DeviceWork> map(String kind, MapKernel kernel) {
        if (kernel.canTile() && kernel.tileSides().stream().allMatch(side -> evaluate(side) >= LEAST_TILE_SIDE)) {
            return launch(kind, kernel.work(), kernel::renderTiled);
        }
        return launch(kind, kernel.work(), width -> {
            if (kernel.canTakeFour()) {
                Kernel four = kernel.renderFour(width);
                if (isAligned(four)) {
                    return four;
                }
            }
            return kernel.render(width);
        });
    }

    List<DeviceWork> reduce(String kind, ReduceKernel kernel) {
        return launch(kind, kernel.work(), width -> kernel.render(width, cooperation(kernel)));
    }

    List<DeviceWork> topK(String kind, TopKKernel kernel) {
        long length = evaluate(kernel.length());
        if (evaluate(kernel.count()) <= MOST_SEARCHES || length > TopKKernel.MOST_SORTED) {
            return launch(kind, kernel.work(), kernel::render);
        }
        int capacity = (int) (length == Long.highestOneBit(length) ? length : 2 * Long.highestOneBit(length));
        return launch(kind, kernel.work(), width -> kernel.renderSorted(width, capacity));
    }

    private Kernel.Cooperation cooperation(ReduceKernel kernel) {
        boolean isOfRows = kernel.length().equals(Kernel.ROWS);
        long length = evaluate(kernel.length());
        if (isOfRows) {
            return evaluate(kernel.work()) >= MANY_RESULTS ? Kernel.Cooperation.THREAD : Kernel.Cooperation.BLOCK;
        }
        return kernel.cooperation(length);
    }

    /** The launch of the kernel for indices as wide as are needed; nothing if there is no work. */
    List<DeviceWork> launch(String kind, Dim work, Function<Kernel.IndexWidth, Kernel> render) {
        long pieces = evaluate(work);
        if (pieces == 0) {
            return List.of();
        }
        Kernel.IndexWidth width = isNarrow(pieces) ? Kernel.IndexWidth.NARROW : Kernel.IndexWidth.WIDE;
        Kernel kernel = render.apply(width);
        requireLaunchable(kernel);
        long perBlock = kernel.workPerBlock();
        long blocks = Math.min(MOST_BLOCKS, (evaluate(kernel.work()) + perBlock - 1) / perBlock);
        List<DeviceWork.Value> arguments = new ArrayList<>();
        for (Kernel.Argument argument : kernel.arguments()) {
            arguments.add(value(argument));
        }
        return List.of(new DeviceWork.Launch(kind, kernel, (int) blocks, arguments));
    }

    private static void requireLaunchable(Kernel kernel) {
        int count = kernel.arguments().size();
        if (count > WorkQueue.MAX_ARGUMENTS) {
            throw new DeviceFailureException(
                    DeviceFailureException.Kind.UNSUPPORTED,
                    "kernel %s takes %d arguments, and a launch at most %d"
                            .formatted(kernel.name(), count, WorkQueue.MAX_ARGUMENTS));
        }
    }

    private boolean isNarrow(long pieces) {
        boolean isNarrow = pieces < NARROW_LIMIT;
        for (BufferSlot slot : slots) {
            isNarrow &= elements(slot) < NARROW_LIMIT;
        }
        return isNarrow;
    }

    /** The elements of a slot, of all rows. */
    private long elements(BufferSlot slot) {
        long ofRow = evaluate(slot.elementCount());
        return slot.scope() == Scope.ROW ? ofRow * evaluate(Kernel.ROWS) : ofRow;
    }

    private boolean isAligned(Kernel kernel) {
        for (Kernel.Argument argument : kernel.arguments()) {
            if (argument instanceof Kernel.Pointer pointer && evaluate(pointer.offset()) % 4 != 0) {
                return false;
            }
        }
        return true;
    }

    private DeviceWork.Value value(Kernel.Argument argument) {
        if (argument instanceof Kernel.Pointer pointer) {
            int width = slots.get(pointer.slot()).dtype().widthInBytes();
            return new DeviceWork.Value(pointer.slot(), evaluate(pointer.offset()) * width);
        }
        if (argument instanceof Kernel.Size size) {
            return new DeviceWork.Value(DeviceWork.Value.NUMBER, evaluate(size.value()));
        }
        return new DeviceWork.Value(DeviceWork.Value.ROW_STATUS, 0);
    }

    DType dtype(Operand operand) {
        return slots.get(operand.slot()).dtype();
    }

    /** Where an operand starts, in elements. */
    long offset(Operand operand) {
        return evaluate(operand.offset());
    }

    /** How far apart the values of neighbouring rows are, in elements. */
    long rowStride(Operand operand) {
        BufferSlot slot = slots.get(operand.slot());
        return slot.scope() == Scope.ROW ? evaluate(slot.elementCount()) : 0;
    }

    long evaluate(Dim dim) {
        return dim.evaluate(binding);
    }
}
