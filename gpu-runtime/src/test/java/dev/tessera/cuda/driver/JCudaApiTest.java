package dev.tessera.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.cuda.driver.Capability.Device;
import dev.tessera.cuda.driver.Capability.PartName;
import dev.tessera.cuda.driver.CudaException.Kind;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every function of {@link CudaApi} under the real JCuda, on the simulated device. */
@ExtendWith(SimulatedCuda.class)
class JCudaApiTest {
    private CudaPlatform platform;
    private CudaApi api;
    private int device;
    private long context;
    private long stream;

    @BeforeEach
    void open() {
        platform = CudaPlatform.of(Map.of(
                LibrarySettings.PATH_SETTING, SimulatedCuda.libraryFolder().toString()));
        api = platform.api();
        api.init();
        device = api.device(0);
        context = api.retainPrimaryContext(device);
        api.setCurrentContext(context);
        stream = api.createStream();
    }

    @AfterEach
    void close(SimulatedDevice simulated) {
        simulated.reset();
        api.setCurrentContext(0);
    }

    private void release(SimulatedDevice simulated) {
        api.destroyStream(stream);
        api.releasePrimaryContext(device);
        assertThat(simulated.leaks()).isEmpty();
        assertThat(simulated.leakReports()).isEmpty();
        assertThat(simulated.faults()).isEmpty();
    }

    @Test
    void theDeviceAnswersWhatItIs(SimulatedDevice simulated) {
        assertThat(api.driverVersion()).isGreaterThanOrEqualTo(12000);
        assertThat(api.deviceCount()).isEqualTo(1);
        assertThat(api.deviceName(device)).isEqualTo(SimulatedDevice.NAME);
        assertThat(api.deviceUuid(device)).matches("GPU-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
        assertThat(api.deviceAttribute(device, DeviceAttribute.WARP_SIZE)).isEqualTo(32);
        assertThat(api.deviceMemoryInBytes(device)).isPositive();
        CudaApi.MemoryInUse before = api.memoryInUse();
        long memory = api.allocate(1 << 20);
        assertThat(api.memoryInUse().freeBytes()).isLessThanOrEqualTo(before.freeBytes() - (1 << 20));
        assertThat(api.memoryInUse().totalBytes()).isEqualTo(before.totalBytes());
        api.free(memory);
        release(simulated);
    }

    @Test
    void theCapabilityNamesTheDeviceAndTheLibraries() {
        Capability capability = platform.capability();
        Device first = capability.devices().get(0);
        assertThat(first.name()).isEqualTo(SimulatedDevice.NAME);
        assertThat(first.uuid()).isEqualTo(api.deviceUuid(device));
        assertThat(first.computeCapability())
                .isEqualTo(api.deviceAttribute(device, DeviceAttribute.COMPUTE_CAPABILITY_MAJOR) * 10
                        + api.deviceAttribute(device, DeviceAttribute.COMPUTE_CAPABILITY_MINOR));
        assertThat(capability.part(PartName.DRIVER).file())
                .isEqualTo(SimulatedCuda.libraryFolder().resolve("libcuda.so.1").toString());
        assertThat(capability.part(PartName.CUBLAS).available()).isTrue();
        assertThat(capability.part(PartName.CUBLAS).version()).isEqualTo("cuBLAS 12.6.0");
        assertThat(api.blasVersion()).isEqualTo(120600);
        assertThat(capability.firstMissing(Capability.COMPILED_KERNELS)).isEmpty();
        assertThat(capability.toString()).contains("device 0: " + SimulatedDevice.NAME);
        assertThat(platform.capability()).isSameAs(capability);
    }

    @Test
    void aBatchIsCopiedComputedAndCopiedBackInStreamOrder(SimulatedDevice simulated) {
        int n = 1000;
        int bytes = n * Float.BYTES;
        PinnedMemory pinned = api.allocatePinned(3 * bytes);
        ByteBuffer host = pinned.bytes();
        assertThat(host.isDirect()).isTrue();
        for (int i = 0; i < n; i++) {
            host.putFloat(i * Float.BYTES, i * 0.5f);
            host.putFloat(bytes + i * Float.BYTES, 3 - i);
        }
        long inputs = api.allocate(2L * bytes);
        long output = api.allocate(bytes);
        long module = api.loadModule(elementwise());
        long function = api.function(module, "add");
        PinnedMemory block = api.allocatePinned((int) KernelParameters.sizeInBytes(4) + 8);
        KernelParameters parameters = new KernelParameters(block, 8, 4);
        parameters.set(0, inputs);
        parameters.set(1, inputs + bytes);
        parameters.set(2, output);
        parameters.set(3, n);
        long start = api.createEvent(true);
        long end = api.createEvent(true);
        api.recordEvent(start, stream);
        api.copyHostToDevice(inputs, pinned.address(), 2L * bytes, stream);
        api.launch(function, LaunchShape.linear(4, 256), stream, parameters);
        // The driver has read them: the next launch may have others.
        parameters.set(3, 0);
        api.copyDeviceToHost(pinned.address() + 2L * bytes, output, bytes, stream);
        api.recordEvent(end, stream);
        assertThat(api.isEventDone(end)).isFalse();
        api.synchronizeEvent(end);
        assertThat(api.isEventDone(end)).isTrue();
        assertThat(api.elapsedMilliseconds(start, end)).isNotNegative();
        for (int i = 0; i < n; i++) {
            assertThat(host.getFloat(2 * bytes + i * Float.BYTES)).isEqualTo(i * 0.5f + (3 - i));
        }
        assertThat(simulated.counter("launch.add")).isEqualTo(1);
        assertThat(simulated.counter("h2d.copies")).isEqualTo(1);
        assertThat(simulated.counter("h2d.bytes")).isEqualTo(2L * bytes);
        assertThat(simulated.counter("d2h.bytes")).isEqualTo(bytes);
        assertThat(simulated.counter("pageableAsyncCopies")).isZero();
        api.destroyEvent(start);
        api.destroyEvent(end);
        api.unloadModule(module);
        api.free(inputs);
        api.free(output);
        api.freePinned(block);
        api.freePinned(pinned);
        release(simulated);
    }

    @Test
    void oneStreamWaitsForAnotherAndCopiesOnTheDevice(SimulatedDevice simulated) {
        long other = api.createStream();
        long first = api.allocate(64);
        long second = api.allocate(64);
        PinnedMemory host = api.allocatePinned(64);
        long filled = api.createEvent(false);
        api.fill(first, (byte) 7, 64, stream);
        api.recordEvent(filled, stream);
        api.waitForEvent(other, filled);
        api.copyDeviceToDevice(second, first, 64, other);
        api.copyDeviceToHost(host.address(), second, 64, other);
        api.synchronizeStream(other);
        for (int i = 0; i < 64; i++) {
            assertThat(host.bytes().get(i)).isEqualTo((byte) 7);
        }
        api.synchronizeContext();
        api.destroyEvent(filled);
        api.destroyStream(other);
        api.free(first);
        api.free(second);
        api.freePinned(host);
        release(simulated);
    }

    @Test
    void failuresSayWhatFailedAndOfWhatKindItIs(SimulatedDevice simulated) {
        simulated.failCall("cuMemAlloc", 1, 2);
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> api.allocate(4096))
                .withMessage("Cannot run cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY (2); 4096 bytes")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OUT_OF_MEMORY));
        long module = api.loadModule(elementwise());
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> api.function(module, "missing"))
                .withMessageContaining("CUDA_ERROR_NOT_FOUND (500); of 'missing'");
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> api.loadModule(
                        new KernelImage(KernelImage.Format.PTX, "nonsense".getBytes(StandardCharsets.US_ASCII))))
                .withMessageContaining("cuModuleLoadDataEx: CUDA_ERROR_INVALID_PTX (218); PTX of 8 bytes");
        api.unloadModule(module);
        long memory = api.allocate(64);
        simulated.failOperation(1, 700);
        api.fill(memory, (byte) 0, 64, stream);
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> api.synchronizeStream(stream))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.STICKY))
                .satisfies(e -> assertThat(e.codeName()).isEqualTo("CUDA_ERROR_ILLEGAL_ADDRESS"));
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> api.allocate(64))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.STICKY));
    }

    @Test
    void aFailureWithinCublasHasItsOwnCodes(SimulatedDevice simulated) {
        simulated.failCall("cublasCreate", 1, 3);
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(api::createBlas)
                .withMessage("Cannot run cublasCreate: CUBLAS_STATUS_ALLOC_FAILED (3)")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OUT_OF_MEMORY));
    }

    @Test
    void parametersThatDoNotFitTheirMemoryAreRefused(SimulatedDevice simulated) {
        PinnedMemory memory = api.allocatePinned(64);
        assertThatIllegalArgumentException().isThrownBy(() -> new KernelParameters(memory, 0, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> new KernelParameters(memory, 4, 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> new KernelParameters(memory, 0, 4).set(4, 1L));
        api.freePinned(memory);
        release(simulated);
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, false, false",
        "FLOAT32, true, false",
        "FLOAT64, false, true",
        "FLOAT64, true, true",
    })
    void productsAreThoseOfTheDefinition(
            BlasCompute compute, boolean transA, boolean transB, SimulatedDevice simulated) {
        DeviceMatrices memory = new DeviceMatrices(api, stream, compute.dtype());
        int m = 3;
        int n = 4;
        int k = 5;
        int batch = 2;
        double[] a = DeviceMatrices.ramp(batch * m * k, 1);
        double[] b = DeviceMatrices.ramp(batch * k * n, 2);
        double[] c = DeviceMatrices.ramp(batch * m * n, 3);
        BlasMatrix left = new BlasMatrix(memory.upload(a), transA ? k : m, m * k, transA);
        BlasMatrix right = new BlasMatrix(memory.upload(b), transB ? n : k, k * n, transB);
        BlasMatrix result = new BlasMatrix(memory.upload(c), m, m * n, false);
        long blas = api.createBlas();
        api.setBlasStream(blas, stream);
        api.setBlasPedantic(blas, true);
        api.setBlasPedantic(blas, false);
        api.gemmStridedBatched(blas, new GemmCall(compute, m, n, k, batch, 2, left, right, 0.5, result));
        double[] batched = memory.download(result.address(), batch * m * n);
        api.gemm(blas, new GemmCall(compute, m, n, k, 1, 1, left, right, 0, result));
        double[] single = memory.download(result.address(), m * n);
        for (int p = 0; p < batch; p++) {
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < m; i++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        double x = a[p * m * k + (transA ? l + i * k : i + l * m)];
                        double y = b[p * k * n + (transB ? j + l * n : l + j * k)];
                        sum += x * y;
                    }
                    int at = i + j * m;
                    // Small integers and halves: every sum is exact in float32.
                    assertThat(batched[p * m * n + at]).isEqualTo(2 * sum + 0.5 * c[p * m * n + at]);
                    if (p == 0) {
                        assertThat(single[at]).isEqualTo(sum);
                    }
                }
            }
        }
        api.destroyBlas(blas);
        memory.close();
        release(simulated);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, false", "FLOAT32, true", "FLOAT64, false", "FLOAT64, true"})
    void vectorProductsAndGramMatricesAreThoseOfTheDefinition(
            BlasCompute compute, boolean transposed, SimulatedDevice simulated) {
        DeviceMatrices memory = new DeviceMatrices(api, stream, compute.dtype());
        int m = 3;
        int n = 4;
        double[] a = DeviceMatrices.ramp(m * n, 1);
        double[] x = DeviceMatrices.ramp(2 * Math.max(m, n), 2);
        BlasMatrix matrix = new BlasMatrix(memory.upload(a), m, 0, transposed);
        long vector = memory.upload(x);
        int rows = transposed ? n : m;
        int inner = transposed ? m : n;
        long product = memory.upload(new double[rows]);
        long gram = memory.upload(new double[rows * rows]);
        long blas = api.createBlas();
        api.setBlasStream(blas, stream);
        api.gemv(blas, new GemvCall(compute.dtype(), m, n, 1, matrix, vector, 2, 0, product, 1));
        BlasMatrix square = new BlasMatrix(gram, rows, 0, false);
        api.syrk(blas, new SyrkCall(compute.dtype(), true, rows, inner, 1, matrix, 0, square));
        double[] y = memory.download(product, rows);
        double[] c = memory.download(gram, rows * rows);
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int l = 0; l < inner; l++) {
                sum += element(a, m, transposed, i, l) * x[2 * l];
            }
            assertThat(y[i]).isEqualTo(sum);
            for (int j = 0; j < rows; j++) {
                double dot = 0;
                for (int l = 0; l < inner; l++) {
                    dot += element(a, m, transposed, i, l) * element(a, m, transposed, j, l);
                }
                assertThat(c[i + j * rows]).isEqualTo(i >= j ? dot : 0);
            }
        }
        api.destroyBlas(blas);
        memory.close();
        release(simulated);
    }

    private static double element(double[] a, int m, boolean transposed, int row, int column) {
        return transposed ? a[column + row * m] : a[row + column * m];
    }

    private static KernelImage elementwise() {
        try (InputStream in = SimulatedDevice.class.getResourceAsStream("/sim/elementwise.ptx")) {
            return new KernelImage(KernelImage.Format.PTX, in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
