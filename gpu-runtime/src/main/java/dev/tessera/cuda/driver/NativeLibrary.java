package dev.tessera.cuda.driver;

import java.util.List;

/** The libraries of NVIDIA that are used, and what of JCuda is linked against each. */
enum NativeLibrary {
    DRIVER(
            "libcuda.so.1",
            "",
            "libcuda.so",
            "jcuda.driver.JCudaDriver",
            "JCudaDriver",
            List.of(),
            "fdc3b4b4fca4f0fab54ff12c0b4d6ad1c5e8d55015b4950834c705e5db301255"),
    CUBLAS(
            "libcublas.so.12",
            "libcublasLt.so.12",
            "libcublas.so",
            "jcuda.jcublas.JCublas2",
            "JCublas2",
            List.of(
                    "cublasCreate_v2",
                    "cublasDestroy_v2",
                    "cublasGetProperty",
                    "cublasSetStream_v2",
                    "cublasSetMathMode",
                    "cublasGemmEx",
                    "cublasGemmStridedBatchedEx",
                    "cublasSgemv_v2",
                    "cublasDgemv_v2",
                    "cublasSsyrk_v2",
                    "cublasDsyrk_v2"),
            "990b2129e540a7f93d0776799d48659dc85e4f7f5bfb6473d0c8369ef8126c32"),
    NVRTC(
            "libnvrtc.so.12",
            "libnvrtc-builtins.so.12",
            "libnvrtc.so",
            "jcuda.nvrtc.JNvrtc",
            "JNvrtc",
            List.of(
                    "nvrtcVersion",
                    "nvrtcCreateProgram",
                    "nvrtcDestroyProgram",
                    "nvrtcCompileProgram",
                    "nvrtcGetPTXSize",
                    "nvrtcGetPTX",
                    "nvrtcGetCUBINSize",
                    "nvrtcGetCUBIN",
                    "nvrtcGetProgramLogSize",
                    "nvrtcGetProgramLog"),
            "1c5a7926684e5af45f6e1280bab41d50735500db2a61cd59f58ab3520e93960c");

    /** The version of JCuda that the digests are of. */
    static final String JCUDA_VERSION = "12.6.0";

    private final String soname;
    private final String companion;
    private final String stem;
    private final String className;
    private final String bridge;
    private final List<String> functions;
    private final String digest;

    NativeLibrary(
            String soname,
            String companion,
            String stem,
            String className,
            String bridge,
            List<String> functions,
            String digest) {
        this.soname = soname;
        this.companion = companion;
        this.stem = stem;
        this.className = className;
        this.bridge = bridge;
        this.functions = functions;
        this.digest = digest;
    }

    /** What JCuda is linked against. */
    String soname() {
        return soname;
    }

    /**
     * How the name of a library begins that lies beside this one and that this one opens by itself, and would not find
     * there; empty if there is none.
     */
    String companion() {
        return companion;
    }

    /** The name without a version. */
    String stem() {
        return stem;
    }

    /** What JCuda's part calls of it when we call that part; in CUDA 13 these have the same names and arguments. */
    List<String> functions() {
        return functions;
    }

    /** The class of JCuda that loads its part when it is initialised. */
    String className() {
        return className;
    }

    /** The file of JCuda's part, as its own loader names it. */
    String bridgeFile() {
        return "lib%s-%s-linux-x86_64.so".formatted(bridge, JCUDA_VERSION);
    }

    /** The SHA-256 of that file. */
    String bridgeDigest() {
        return digest;
    }
}
