package dev.tessera.cuda.driver;

import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Numbers on a device, of one type. */
final class DeviceMatrices implements AutoCloseable {
    private final CudaApi api;
    private final long stream;
    private final DType dtype;
    private final List<Long> allocations = new ArrayList<>();

    DeviceMatrices(CudaApi api, long stream, DType dtype) {
        this.api = api;
        this.stream = stream;
        this.dtype = dtype;
    }

    /** Small integers, positive and negative, that repeat after seven. */
    static double[] ramp(int count, int start) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i + start) % 7 - 3;
        }
        return values;
    }

    long upload(double[] values) {
        int bytes = values.length * width();
        PinnedMemory host = api.allocatePinned(bytes);
        for (int i = 0; i < values.length; i++) {
            if (dtype == DType.FLOAT64) {
                host.bytes().putDouble(i * width(), values[i]);
            } else {
                host.bytes().putFloat(i * width(), (float) values[i]);
            }
        }
        long memory = api.allocate(bytes);
        allocations.add(memory);
        api.copyHostToDevice(memory, host.address(), bytes, stream);
        api.synchronizeStream(stream);
        api.freePinned(host);
        return memory;
    }

    double[] download(long memory, int count) {
        PinnedMemory host = api.allocatePinned(count * width());
        api.copyDeviceToHost(host.address(), memory, (long) count * width(), stream);
        api.synchronizeStream(stream);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = dtype == DType.FLOAT64
                    ? host.bytes().getDouble(i * width())
                    : host.bytes().getFloat(i * width());
        }
        api.freePinned(host);
        return values;
    }

    private int width() {
        return dtype == DType.FLOAT64 ? Double.BYTES : Float.BYTES;
    }

    @Override
    public void close() {
        allocations.forEach(api::free);
    }
}
