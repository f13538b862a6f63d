package dev.tessera.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jcuda.Pointer;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/** Loads modules, with what the driver's compiler has to say about them. */
final class JCudaModules {
    private static final int LOG_BYTES = 8192;

    private JCudaModules() {}

    static long load(KernelImage image) {
        byte[] bytes = image.bytes();
        // PTX is a C string; machine code has its length in its header.
        ByteBuffer terminated = ByteBuffer.allocateDirect(bytes.length + 1);
        terminated.put(0, bytes);
        byte[] log = new byte[LOG_BYTES];
        JITOptions options = new JITOptions();
        options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
        options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, log);
        CUmodule module = new CUmodule();
        int code = JCudaDriver.cuModuleLoadDataJIT(module, Pointer.to(terminated), options);
        if (code != CUresult.CUDA_SUCCESS) {
            throw Results.failure("cuModuleLoadDataEx", code, (image + "; " + text(log)).strip());
        }
        return NativeHandles.of(module);
    }

    private static String text(byte[] log) {
        int length = 0;
        while (length < log.length && log[length] != 0) {
            length++;
        }
        return new String(log, 0, length, StandardCharsets.UTF_8).strip();
    }
}
