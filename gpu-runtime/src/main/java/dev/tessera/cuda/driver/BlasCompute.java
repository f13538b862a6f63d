package dev.tessera.cuda.driver;

import dev.tessera.tensor.DType;
import jcuda.cudaDataType;
import jcuda.jcublas.cublasComputeType;

/** How cuBLAS multiplies: the type of the operands, and what it may round them to on the way. */
public enum BlasCompute {
    FLOAT32(cudaDataType.CUDA_R_32F, cublasComputeType.CUBLAS_COMPUTE_32F),
    FLOAT32_AS_TF32(cudaDataType.CUDA_R_32F, cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32),
    FLOAT32_AS_BFLOAT16(cudaDataType.CUDA_R_32F, cublasComputeType.CUBLAS_COMPUTE_32F_FAST_16BF),
    FLOAT32_AS_FLOAT16(cudaDataType.CUDA_R_32F, cublasComputeType.CUBLAS_COMPUTE_32F_FAST_16F),
    FLOAT64(cudaDataType.CUDA_R_64F, cublasComputeType.CUBLAS_COMPUTE_64F);

    private final int dataType;
    private final int computeType;

    BlasCompute(int dataType, int computeType) {
        this.dataType = dataType;
        this.computeType = computeType;
    }

    /** The type of the operands. */
    public DType dtype() {
        return this == FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    int dataType() {
        return dataType;
    }

    int computeType() {
        return computeType;
    }
}
