package dev.tessera.cuda.kernel;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.memory.Releases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** The kernels that are loaded onto one device: each is compiled once, whoever asks for it first. Thread-safe. */
public final class KernelCache implements AutoCloseable {
    private final CudaApi api;
    private final KernelCompiler compiler;
    private final Map<KernelSource, CompletableFuture<Long>> functions = new ConcurrentHashMap<>();
    private final List<Long> modules = new ArrayList<>();

    KernelCache(CudaApi api, KernelCompiler compiler) {
        this.api = api;
        this.compiler = compiler;
    }

    /**
     * The kernels of a device, its images kept in {@code folder}.
     *
     * @param onRefusedImage told of each kept image that does not load, and is compiled again
     */
    public static KernelCache open(
            CudaApi api, Path folder, Capability.Device device, Capability capability, Runnable onRefusedImage) {
        Capability.Part nvrtc = capability.part(Capability.PartName.NVRTC);
        Optional<String> whyNoCompiler =
                nvrtc.available() ? Optional.empty() : Optional.of("%s; %s".formatted(nvrtc.reason(), nvrtc.remedy()));
        KernelFolder kept = new KernelFolder(folder);
        return new KernelCache(
                api, new KernelCompiler(api, kept, device.computeCapability(), whyNoCompiler, onRefusedImage));
    }

    /**
     * The function of a kernel. The calling thread's context is that of the device.
     *
     * @throws dev.tessera.runtime.DeviceFailureException if it cannot be compiled on this host
     */
    long function(KernelSource source) {
        CompletableFuture<Long> mine = new CompletableFuture<>();
        CompletableFuture<Long> known = functions.putIfAbsent(source, mine);
        if (known == null) {
            known = mine;
            load(source, mine);
        }
        try {
            return known.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** A failure is not kept: memory may be free the next time. */
    private void load(KernelSource source, CompletableFuture<Long> function) {
        try {
            function.complete(functionOf(compiler.load(source), source.name()));
        } catch (RuntimeException | Error e) {
            functions.remove(source, function);
            function.completeExceptionally(e);
        }
    }

    private long functionOf(long module, String name) {
        boolean isFound = false;
        try {
            long function = api.function(module, name);
            synchronized (modules) {
                modules.add(module);
            }
            isFound = true;
            return function;
        } finally {
            if (!isFound) {
                api.unloadModule(module);
            }
        }
    }

    /** Unloads all; no launch may be pending. */
    @Override
    public void close() {
        functions.clear();
        synchronized (modules) {
            Releases releases = new Releases();
            modules.forEach(module -> releases.attempt(() -> api.unloadModule(module)));
            modules.clear();
            releases.finish();
        }
    }
}
