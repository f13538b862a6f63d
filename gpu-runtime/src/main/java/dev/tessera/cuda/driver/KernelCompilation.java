package dev.tessera.cuda.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * What NVRTC is asked to compile.
 *
 * @param source CUDA C
 * @param fileName what messages call it
 * @param format whether PTX or machine code is wanted
 * @param computeCapability of the target, as in 80 for sm_80
 * @param options beyond the architecture, as in {@code --fmad=false}
 */
public record KernelCompilation(
        String source, String fileName, KernelImage.Format format, int computeCapability, List<String> options) {
    public KernelCompilation {
        options = List.copyOf(options);
    }

    /** The options with the architecture in front, as NVRTC takes them. */
    public List<String> allOptions() {
        List<String> all = new ArrayList<>(options.size() + 1);
        all.add("--gpu-architecture=" + (format == KernelImage.Format.CUBIN ? "sm_" : "compute_") + computeCapability);
        all.addAll(options);
        return all;
    }
}
