// Kernels over vectors, one thread or a strided loop for the elements.
extern "C" __global__ void add(const float* a, const float* b, float* c, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) c[i] = a[i] + b[i];
}

extern "C" __global__ void fill(float* a, float value, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) a[i] = value;
}

extern "C" __global__ void vec4(const float4* a, float4* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float4 v = __ldg(a + i);
    v.x *= 2;
    v.y += 1;
    v.z = -v.z;
    v.w = fmaxf(v.w, 0.f);
    out[i] = v;
}
