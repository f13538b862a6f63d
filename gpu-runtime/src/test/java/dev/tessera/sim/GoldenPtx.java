package dev.tessera.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/**
 * Compiles the kernels of {@code src/test/resources/sim} to the PTX beside them, with NVIDIA's own compiler: run it
 * with the folders of NVRTC (libnvrtc.so.12 and libnvrtc-builtins.so.12.9, from org.bytedeco:cuda-redist) and of the
 * kernels, after changing a kernel.
 */
final class GoldenPtx {
    private GoldenPtx() {}

    public static void main(String[] arguments) throws IOException {
        Path nvrtc = Path.of(arguments[0]).toAbsolutePath();
        System.load(nvrtc.resolve("libnvrtc-builtins.so.12.9").toString());
        System.load(nvrtc.resolve("libnvrtc.so.12").toString());
        JNvrtc.setExceptionsEnabled(false);
        try (Stream<Path> files = Files.list(Path.of(arguments[1]))) {
            List<Path> kernels = files.filter(file -> file.toString().endsWith(".cu"))
                    .sorted()
                    .toList();
            for (Path kernel : kernels) {
                String name = kernel.getFileName().toString();
                String ptx = compile(Files.readString(kernel), name);
                Files.writeString(kernel.resolveSibling(name.replace(".cu", ".ptx")), ptx);
            }
        }
    }

    /** PTX for compute capability 8.0, IEEE rounding and no flushing. */
    static String compile(String source, String name) {
        nvrtcProgram program = new nvrtcProgram();
        check(JNvrtc.nvrtcCreateProgram(program, source, name, 0, null, null), program);
        String[] options = {"--gpu-architecture=compute_80"};
        check(JNvrtc.nvrtcCompileProgram(program, options.length, options), program);
        String[] ptx = new String[1];
        check(JNvrtc.nvrtcGetPTX(program, ptx), program);
        JNvrtc.nvrtcDestroyProgram(program);
        return ptx[0].replace("\0", "");
    }

    private static void check(int code, nvrtcProgram program) {
        if (code != nvrtcResult.NVRTC_SUCCESS) {
            String[] log = new String[1];
            JNvrtc.nvrtcGetProgramLog(program, log);
            throw new IllegalStateException("Cannot compile: " + nvrtcResult.stringFor(code) + "\n" + log[0]);
        }
    }
}
