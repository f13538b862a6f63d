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

int cublasGetProperty(int part, int *value) {
    static const int version[] = {12, 6, 1};
    *value = version[part];
    return 0;
}

int nvrtcVersion(int *major, int *minor) {
    *major = 12;
    *minor = 6;
    return 0;
}
