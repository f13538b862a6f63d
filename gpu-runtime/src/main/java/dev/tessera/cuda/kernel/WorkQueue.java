package dev.tessera.cuda.kernel;

import dev.tessera.codegen.Kernel;
import dev.tessera.codegen.MirrorKernel;
import dev.tessera.codegen.ProductKernel;
import dev.tessera.cuda.driver.BlasCompute;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.GemmCall;
import dev.tessera.cuda.driver.GemvCall;
import dev.tessera.cuda.driver.KernelParameters;
import dev.tessera.cuda.driver.LaunchShape;
import dev.tessera.cuda.driver.SyrkCall;
import dev.tessera.runtime.Receipt;
import dev.tessera.tensor.DType;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts work on streams of one device, and counts it. Used by one thread, whose context is that of the device. */
public final class WorkQueue {
    /** The most arguments of a kernel that take 8 bytes each; the driver takes 4 KiB. */
    public static final int MAX_ARGUMENTS = 512;

    private static final int MOST_PRODUCT_BLOCKS = 1 << 16;

    private final CudaApi api;
    private final KernelCache kernels;
    private final KernelParameters parameters;
    private final Blas blas;
    private final BlasProducts blasProducts;
    private final Map<DType, KernelSource> products = new EnumMap<>(DType.class);
    private final Map<DType, KernelSource> mirrors = new EnumMap<>(DType.class);
    private final Map<String, Long> launchesByKind = new TreeMap<>();

    /**
     * The cuBLAS of a queue.
     *
     * @param handle 0 if there is none
     * @param float32 how it computes products of float32, which receipts name
     */
    public record Blas(long handle, BlasCompute float32) {}

    public WorkQueue(CudaApi api, KernelCache kernels, KernelParameters parameters, Blas blas) {
        this.api = api;
        this.kernels = kernels;
        this.parameters = parameters;
        this.blas = blas;
        this.blasProducts = new BlasProducts(blas.float32());
    }

    /** Where the slots of a batch are on the device, and the status of its rows (0 if no step writes one). */
    public record Addresses(List<Long> slots, long rowStatus) {
        public Addresses {
            slots = List.copyOf(slots);
        }
    }

    /** Kernels launched and library calls made so far, by kind. */
    public Map<String, Long> launchesByKind() {
        return Map.copyOf(launchesByKind);
    }

    public void submit(List<DeviceWork> work, Addresses addresses, long stream) {
        if (blas.handle() != 0) {
            api.setBlasStream(blas.handle(), stream);
        }
        for (DeviceWork item : work) {
            if (item instanceof DeviceWork.Launch launch) {
                submit(launch, addresses, stream);
            } else if (item instanceof DeviceWork.Product product) {
                submit(product, addresses, stream);
            }
        }
    }

    private void submit(DeviceWork.Launch launch, Addresses addresses, long stream) {
        Kernel kernel = launch.kernel();
        long function = kernels.function(new KernelSource(kernel.name(), kernel.source()));
        for (int i = 0; i < launch.arguments().size(); i++) {
            parameters.set(i, number(launch.arguments().get(i), addresses));
        }
        api.launch(function, LaunchShape.linear(launch.blocks(), kernel.threadsPerBlock()), stream, parameters);
        count(kernel.name());
    }

    private static long number(DeviceWork.Value value, Addresses addresses) {
        return switch (value.slot()) {
            case DeviceWork.Value.NUMBER -> value.offset();
            case DeviceWork.Value.ROW_STATUS -> addresses.rowStatus();
            default -> addresses.slots().get(value.slot()) + value.offset();
        };
    }

    private void submit(DeviceWork.Product product, Addresses addresses, long stream) {
        long[] matrices = {
            address(product.a(), addresses), address(product.b(), addresses), address(product.out(), addresses)
        };
        if (blas.handle() != 0 && submitSpecial(product, matrices, stream)) {
            return;
        }
        Optional<GemmCall> call = blas.handle() == 0 ? Optional.empty() : blasProducts.call(product, matrices);
        if (call.isEmpty()) {
            launchProduct(product, matrices, stream);
        } else if (product.count() == 1) {
            api.gemm(blas.handle(), call.get());
            count(Receipt.BLAS_CALL + "gemm " + compute(call.get()));
        } else {
            api.gemmStridedBatched(blas.handle(), call.get());
            count(Receipt.BLAS_CALL + "batched gemm " + compute(call.get()));
        }
    }

    /** Submits a product for which cuBLAS has something better than a general one. */
    private boolean submitSpecial(DeviceWork.Product product, long[] matrices, long stream) {
        String dtype = product.dtype().numpyName();
        Optional<GemvCall> vector = blasProducts.vectorCall(product, matrices);
        if (vector.isPresent()) {
            api.gemv(blas.handle(), vector.get());
            count(Receipt.BLAS_CALL + "gemv " + dtype);
            return true;
        }
        Optional<SyrkCall> symmetric = blasProducts.symmetricCall(product, matrices);
        if (symmetric.isPresent()) {
            api.syrk(blas.handle(), symmetric.get());
            count(Receipt.BLAS_CALL + "syrk " + dtype);
            launchMirror(product.dtype(), symmetric.get(), stream);
            return true;
        }
        return false;
    }

    /** Completes the result of a symmetric product. */
    private void launchMirror(DType dtype, SyrkCall call, long stream) {
        KernelSource source = mirrors.computeIfAbsent(
                dtype, key -> new KernelSource(MirrorKernel.name(key), MirrorKernel.source(key)));
        parameters.set(0, call.c().address());
        parameters.set(1, (long) call.n());
        parameters.set(2, (long) call.c().leadingDimension());
        long squares = (call.n() + MirrorKernel.SIDE - 1L) / MirrorKernel.SIDE;
        int blocks = (int) Math.min(MOST_PRODUCT_BLOCKS, squares * squares);
        api.launch(kernels.function(source), LaunchShape.linear(blocks, MirrorKernel.THREADS), stream, parameters);
        count(source.name());
    }

    private static String compute(GemmCall call) {
        return call.compute().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static long address(DeviceWork.Matrix matrix, Addresses addresses) {
        return addresses.slots().get(matrix.slot()) + matrix.offset();
    }

    private void launchProduct(DeviceWork.Product product, long[] matrices, long stream) {
        KernelSource source = products.computeIfAbsent(
                product.dtype(), dtype -> new KernelSource(ProductKernel.name(dtype), ProductKernel.source(dtype)));
        long function = kernels.function(source);
        DeviceWork.ProductShape shape = product.shape();
        long[] values = {
            matrices[0],
            matrices[1],
            matrices[2],
            product.count(),
            shape.rows(),
            shape.columns(),
            shape.inner(),
            product.a().stride(),
            product.a().rowStride(),
            product.a().columnStride(),
            product.b().stride(),
            product.b().rowStride(),
            product.b().columnStride(),
            product.out().stride(),
            product.out().rowStride(),
            product.out().columnStride()
        };
        for (int i = 0; i < values.length; i++) {
            parameters.set(i, values[i]);
        }
        long tiles = tiles(shape.rows()) * tiles(shape.columns()) * product.count();
        int blocks = (int) Math.min(MOST_PRODUCT_BLOCKS, tiles);
        api.launch(function, LaunchShape.linear(blocks, ProductKernel.THREADS), stream, parameters);
        count(source.name());
    }

    private static long tiles(long size) {
        return (size + ProductKernel.TILE - 1) / ProductKernel.TILE;
    }

    private void count(String kind) {
        launchesByKind.merge(kind, 1L, Long::sum);
    }
}
