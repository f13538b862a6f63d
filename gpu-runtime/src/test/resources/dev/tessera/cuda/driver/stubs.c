/* Libraries of the right names and versions that do next to nothing: enough for JCuda to be loaded over them. */

#ifndef DRIVER_VERSION
#define DRIVER_VERSION 12060
#endif
#ifndef INIT_RESULT
#define INIT_RESULT 100 /* CUDA_ERROR_NO_DEVICE */
#endif

int cuInit(unsigned flags) { return INIT_RESULT; }

int cuDriverGetVersion(int *version) {
    *version = DRIVER_VERSION;
    return 0;
}

int cuDeviceGetCount(int *count) {
    *count = 0;
    return 0;
}

#ifndef CUDA_MAJOR
#define CUDA_MAJOR 12
#endif

/* What is forwarded to CUDA 13 must be there. */
#define STUB(function) int function(void) { return 1; }
STUB(cublasCreate_v2) STUB(cublasDestroy_v2) STUB(cublasSetStream_v2) STUB(cublasSetMathMode)
STUB(cublasGemmEx) STUB(cublasGemmStridedBatchedEx)
STUB(cublasSgemv_v2) STUB(cublasDgemv_v2) STUB(cublasSsyrk_v2) STUB(cublasDsyrk_v2)
STUB(nvrtcCreateProgram) STUB(nvrtcDestroyProgram) STUB(nvrtcCompileProgram)
STUB(nvrtcGetPTXSize) STUB(nvrtcGetPTX) STUB(nvrtcGetCUBINSize) STUB(nvrtcGetCUBIN)
STUB(nvrtcGetProgramLogSize)
#ifndef WITHOUT_LOG
STUB(nvrtcGetProgramLog)
#endif

int cublasGetProperty(int part, int *value) {
    static const int version[] = {CUDA_MAJOR, 6, 1};
    *value = version[part];
    return 0;
}

int nvrtcVersion(int *major, int *minor) {
    *major = CUDA_MAJOR;
    *minor = 6;
    return 0;
}
