package dev.tessera.cuda.kernel;

import dev.tessera.cuda.driver.KernelImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Kernels that were compiled to PTX when Tessera was built, for hosts without NVRTC. */
final class BundledKernels {
    private BundledKernels() {}

    /** The name of the resource, beside this class, that a kernel would be in. */
    static String resource(KernelSource source) {
        return "ptx/%s.ptx".formatted(source.key("bundled"));
    }

    static Optional<KernelImage> find(KernelSource source) {
        try (InputStream ptx = BundledKernels.class.getResourceAsStream(resource(source))) {
            return ptx == null
                    ? Optional.empty()
                    : Optional.of(new KernelImage(KernelImage.Format.PTX, ptx.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
