package dev.tessera.runtime;

import java.util.function.Supplier;

/** A GPU and the CPU beside it, each batch on the one that a cost model predicts to be faster. Thread-safe. */
final class PlacingBackend implements Backend {
    private final Backend device;
    private final Supplier<Backend> cpu;
    private final CostModel model;

    /**
     * Takes over {@code device}, which it closes.
     *
     * @param cpu the CPU, opened when first asked for and closed by someone else
     */
    PlacingBackend(Backend device, Supplier<Backend> cpu, CostModel model) {
        this.device = device;
        this.cpu = cpu;
        this.model = model;
    }

    @Override
    public String device() {
        return device.device();
    }

    @Override
    public BackendTask openTask(TaskSpec task) {
        CostModel.Rates rates = model.rates(task.deviceAddresses());
        BackendTask opened = device.openTask(task);
        return rates == null
                ? opened
                : new PlacingTask(opened, () -> cpu.get().openTask(task), new BatchPlacement(task.plan(), rates));
    }

    @Override
    public long nativeBytes() {
        return device.nativeBytes();
    }

    @Override
    public int lostDevices() {
        return device.lostDevices();
    }

    @Override
    public void close() {
        device.close();
    }
}
