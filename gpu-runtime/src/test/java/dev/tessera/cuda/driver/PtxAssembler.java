package dev.tessera.cuda.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/**
 * NVIDIA's assembler, which turns PTX into machine code and says what of a processor each kernel takes. It is that of CUDA
 * 12.0, so that the version in the head of newer PTX is lowered; what is generated here uses no newer instruction.
 */
public final class PtxAssembler {
    private static final Pattern VERSION = Pattern.compile("(?m)^\\.version \\d+\\.\\d+");
    private static final Pattern KERNEL = Pattern.compile("Compiling entry function '(\\S+)' for");
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    private PtxAssembler() {}

    /**
     * What a kernel takes.
     *
     * @param registers per thread
     * @param spillBytes that its registers overflow to local memory, stores and loads
     * @param sharedBytes per block
     */
    public record KernelUse(String name, int registers, int spillBytes, int sharedBytes) {}

    /**
     * Assembles PTX for an architecture, as 80 for sm_80.
     *
     * @throws IllegalArgumentException if it is wrong; the message has the assembler's log
     */
    public static List<KernelUse> assemble(String ptx, int computeCapability) {
        Loaded.ensure();
        byte[] text = (VERSION.matcher(ptx).replaceFirst(".version 8.0") + "\0").getBytes(StandardCharsets.US_ASCII);
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        check(JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length, text), "");
        try {
            String[] options = {"--gpu-name=sm_" + computeCapability, "--verbose"};
            int code = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
            if (code != nvPTXCompileResult.NVPTXCOMPILE_SUCCESS) {
                check(code, errorLog(compiler));
            }
            return uses(infoLog(compiler));
        } finally {
            JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
        }
    }

    private static List<KernelUse> uses(String log) {
        List<KernelUse> uses = new ArrayList<>();
        String name = "";
        int spills = 0;
        for (String line : log.split("\n", -1)) {
            Matcher kernel = KERNEL.matcher(line);
            Matcher spill = SPILLS.matcher(line);
            Matcher registers = REGISTERS.matcher(line);
            if (kernel.find()) {
                name = kernel.group(1);
                spills = 0;
            } else if (spill.find()) {
                spills += Integer.parseInt(spill.group(1)) + Integer.parseInt(spill.group(2));
            } else if (registers.find()) {
                Matcher shared = SHARED.matcher(line);
                int sharedBytes = shared.find() ? Integer.parseInt(shared.group(1)) : 0;
                uses.add(new KernelUse(name, Integer.parseInt(registers.group(1)), spills, sharedBytes));
            }
        }
        return uses;
    }

    private static String infoLog(nvPTXCompilerHandle compiler) {
        long[] size = new long[1];
        check(JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(compiler, size), "");
        byte[] log = new byte[(int) size[0] + 1];
        check(JNvPTXCompiler.nvPTXCompilerGetInfoLog(compiler, log), "");
        return new String(log, 0, (int) size[0], StandardCharsets.UTF_8);
    }

    private static String errorLog(nvPTXCompilerHandle compiler) {
        long[] size = new long[1];
        check(JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size), "");
        byte[] log = new byte[(int) size[0] + 1];
        check(JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log), "");
        return new String(log, 0, (int) size[0], StandardCharsets.UTF_8);
    }

    private static void check(int code, String log) {
        if (code != nvPTXCompileResult.NVPTXCOMPILE_SUCCESS) {
            throw new IllegalArgumentException(
                    "Cannot assemble PTX: %s; %s".formatted(nvPTXCompileResult.stringFor(code), log));
        }
    }

    /** Loads the assembler, which is a part of JCuda, when it is first used. */
    private static final class Loaded {
        static {
            String name = "libJNvPTXCompiler-%s-linux-x86_64.so".formatted(NativeLibrary.JCUDA_VERSION);
            try {
                PrivateFolder folder = PrivateFolder.in(List.of(Path.of(System.getProperty("java.io.tmpdir"))));
                folder.extract(PtxAssembler.class.getResource("/lib/" + name), name);
                CudaLibraries.initialise("jcuda.nvptxcompiler.JNvPTXCompiler", folder.path());
                folder.delete(name);
            } catch (IOException | ClassNotFoundException e) {
                throw new LinkageError("Cannot load " + name, e);
            }
        }

        static void ensure() {}
    }
}
