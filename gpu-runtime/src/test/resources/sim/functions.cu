// Every function of CUDA's math library that Tessera's kernels call, as real NVRTC inlines it.
template <class T>
__device__ void all(T x, T* out) {
    T p = fabs(x);
    out[0] = exp(x);
    out[1] = tanh(x);
    out[2] = erf(x);
    out[3] = pow(p, T(1.75));
    out[4] = sin(x);
    out[5] = cos(x);
    out[6] = log(p);
    out[7] = log1p(p);
    out[8] = expm1(x);
    out[9] = sqrt(p);
    out[10] = rsqrt(p + T(0.125));
    out[11] = atan(x);
    out[12] = atan2(x, T(0.75));
    out[13] = sinh(x);
    out[14] = cosh(x);
    out[15] = tan(x);
    out[16] = asin(x / T(16384));
    out[17] = acos(x / T(16384));
    out[18] = floor(x);
    out[19] = ceil(x);
    out[20] = rint(x);
    out[21] = trunc(x);
    out[22] = fmod(x, T(0.375));
    out[23] = cbrt(x);
    out[24] = log2(p);
    out[25] = exp2(x);
    out[26] = log10(p);
    out[27] = T(1) / x;
    out[28] = fmin(x, T(0.5));
    out[29] = fmax(x, T(0.5));
    out[30] = copysign(T(3), x);
    out[31] = fma(x, x, T(-1));
}

extern "C" __global__ void functions32(const float* a, float* out, int n) {
    for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < n; i += (long long)gridDim.x * blockDim.x) all(a[i], out + i * 32);
}

extern "C" __global__ void functions64(const double* a, double* out, int n) {
    for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < n; i += (long long)gridDim.x * blockDim.x) all(a[i], out + i * 32);
}
