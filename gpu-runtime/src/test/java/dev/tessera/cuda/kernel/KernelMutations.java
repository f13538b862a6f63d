package dev.tessera.cuda.kernel;

import dev.tessera.codegen.ProductKernel;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.KernelCompilation;
import dev.tessera.cuda.driver.KernelImage;
import dev.tessera.plan.SamplePlans;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Puts kernels of changed text in the folder of compiled kernels, where a device takes them for those of the plan. */
public final class KernelMutations {
    private KernelMutations() {}

    /** Compiles every kernel of the sample whose text the change applies to; returns how many that were. */
    public static int write(Path folder, CudaApi api, int computeCapability, Work work, UnaryOperator<String> change) {
        KernelFolder kernels = new KernelFolder(folder);
        int changed = 0;
        for (KernelSource source : kernels(work)) {
            String text = change.apply(source.text());
            if (!text.equals(source.text())) {
                KernelCompilation compilation = new KernelCompilation(
                        text, source.name() + ".cu", KernelImage.Format.PTX, computeCapability, List.of("--std=c++17"));
                KernelImage image = api.compile(compilation).image();
                kernels.write(source.key("sm_" + computeCapability), api.compilerVersion(), image);
                changed++;
            }
        }
        return changed;
    }

    /** What is run of a plan. */
    public record Work(SamplePlans.Sample sample, DimBinding dims, List<Integer> rowCounts) {}

    private static Set<KernelSource> kernels(Work work) {
        List<DeviceWork> all = new ArrayList<>(
                BoundBatch.ofInvariants(work.sample().plan(), work.dims()).work());
        for (int rows : work.rowCounts()) {
            all.addAll(
                    BoundBatch.ofRows(work.sample().plan(), work.dims(), rows).work());
        }
        Set<KernelSource> kernels = new LinkedHashSet<>();
        for (DeviceWork item : all) {
            if (item instanceof DeviceWork.Launch launch) {
                kernels.add(
                        new KernelSource(launch.kernel().name(), launch.kernel().source()));
            } else if (item instanceof DeviceWork.Product product) {
                DType dtype = product.dtype();
                kernels.add(new KernelSource(ProductKernel.name(dtype), ProductKernel.source(dtype)));
            }
        }
        return kernels;
    }
}
