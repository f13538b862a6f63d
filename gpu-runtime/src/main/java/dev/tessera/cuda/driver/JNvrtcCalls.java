package dev.tessera.cuda.driver;

import static dev.tessera.cuda.driver.Results.checkCompiler;

import java.nio.charset.StandardCharsets;
import java.util.List;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/** The functions of NVRTC that the backend uses. Thread-safe; NVRTC itself compiles one program at a time. */
final class JNvrtcCalls {
    private JNvrtcCalls() {}

    static int version() {
        int[] major = new int[1];
        int[] minor = new int[1];
        checkCompiler("nvrtcVersion", JNvrtc.nvrtcVersion(major, minor));
        return major[0] * 1000 + minor[0] * 10;
    }

    static CompiledKernel compile(KernelCompilation compilation) {
        JNvrtc.setExceptionsEnabled(false);
        nvrtcProgram program = new nvrtcProgram();
        int created = JNvrtc.nvrtcCreateProgram(
                program, compilation.source(), compilation.fileName(), 0, new String[0], new String[0]);
        checkCompiler("nvrtcCreateProgram", created);
        try {
            List<String> options = compilation.allOptions();
            int code = JNvrtc.nvrtcCompileProgram(program, options.size(), options.toArray(new String[0]));
            String log = log(program);
            if (code != nvrtcResult.NVRTC_SUCCESS) {
                throw Results.compilerFailure(
                        "nvrtcCompileProgram",
                        code,
                        "%s with %s: %s".formatted(compilation.fileName(), String.join(" ", options), log));
            }
            return new CompiledKernel(image(program, compilation.format()), log);
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private static KernelImage image(nvrtcProgram program, KernelImage.Format format) {
        if (format == KernelImage.Format.PTX) {
            String[] ptx = new String[1];
            checkCompiler("nvrtcGetPTX", JNvrtc.nvrtcGetPTX(program, ptx));
            return new KernelImage(format, ptx[0].getBytes(StandardCharsets.US_ASCII));
        }
        long[] size = new long[1];
        checkCompiler("nvrtcGetCUBINSize", JNvrtc.nvrtcGetCUBINSize(program, size));
        byte[] cubin = new byte[Math.toIntExact(size[0])];
        checkCompiler("nvrtcGetCUBIN", JNvrtc.nvrtcGetCUBIN(program, cubin));
        return new KernelImage(format, cubin);
    }

    private static String log(nvrtcProgram program) {
        String[] log = new String[1];
        checkCompiler("nvrtcGetProgramLog", JNvrtc.nvrtcGetProgramLog(program, log));
        return log[0].strip();
    }
}
