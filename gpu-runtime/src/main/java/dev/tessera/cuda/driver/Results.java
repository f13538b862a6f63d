package dev.tessera.cuda.driver;

import dev.tessera.cuda.driver.CudaException.Kind;
import jcuda.driver.CUresult;
import jcuda.jcublas.cublasStatus;
import jcuda.nvrtc.nvrtcResult;

/** Turns the codes that the three libraries return into exceptions. */
final class Results {
    private Results() {}

    /** Does nothing for success. */
    static void check(String function, int code) {
        if (code != CUresult.CUDA_SUCCESS) {
            throw failure(function, code, "");
        }
    }

    static CudaException failure(String function, int code, String detail) {
        return new CudaException(function, code, CUresult.stringFor(code), kindOf(code), detail);
    }

    static void checkBlas(String function, int code) {
        if (code != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(function, code, cublasStatus.stringFor(code), kindOfBlas(code), "");
        }
    }

    static void checkCompiler(String function, int code) {
        if (code != nvrtcResult.NVRTC_SUCCESS) {
            throw compilerFailure(function, code, "");
        }
    }

    static CudaException compilerFailure(String function, int code, String detail) {
        Kind kind = code == nvrtcResult.NVRTC_ERROR_INVALID_OPTION ? Kind.UNSUPPORTED : Kind.OTHER;
        return new CudaException(function, code, nvrtcResult.stringFor(code), kind, detail);
    }

    static Kind kindOf(int code) {
        return switch (code) {
            // A launch that asks for too much of a processor is mended as a lack of memory is: by less, or elsewhere.
            case CUresult.CUDA_ERROR_OUT_OF_MEMORY, CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES -> Kind.OUT_OF_MEMORY;
            case CUresult.CUDA_ERROR_DEINITIALIZED,
                    CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE,
                    CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
                    CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
                    CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                    CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
                    CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
                    CUresult.CUDA_ERROR_ASSERT,
                    CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
                    CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                    CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
                    CUresult.CUDA_ERROR_INVALID_PC,
                    CUresult.CUDA_ERROR_LAUNCH_FAILED,
                    CUresult.CUDA_ERROR_MPS_RPC_FAILURE,
                    CUresult.CUDA_ERROR_MPS_CLIENT_TERMINATED,
                    CUresult.CUDA_ERROR_EXTERNAL_DEVICE,
                    // Nobody knows what state an unknown error leaves the device in.
                    CUresult.CUDA_ERROR_UNKNOWN -> Kind.STICKY;
            case CUresult.CUDA_ERROR_NOT_READY -> Kind.NOT_READY;
            case CUresult.CUDA_ERROR_STUB_LIBRARY,
                    CUresult.CUDA_ERROR_NO_DEVICE,
                    CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
                    CUresult.CUDA_ERROR_INVALID_PTX,
                    CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND,
                    CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
                    CUresult.CUDA_ERROR_JIT_COMPILATION_DISABLED,
                    CUresult.CUDA_ERROR_NOT_SUPPORTED,
                    CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH,
                    CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE -> Kind.UNSUPPORTED;
            default -> Kind.OTHER;
        };
    }

    static Kind kindOfBlas(int code) {
        return switch (code) {
            case cublasStatus.CUBLAS_STATUS_ALLOC_FAILED -> Kind.OUT_OF_MEMORY;
            case cublasStatus.CUBLAS_STATUS_NOT_SUPPORTED, cublasStatus.CUBLAS_STATUS_ARCH_MISMATCH -> Kind.UNSUPPORTED;
            default -> Kind.OTHER;
        };
    }
}
