// Kernels with one mistake each, for the checks to find.
extern "C" __global__ void readsPastTheEnd(const float* a, float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n) out[i % n] = a[i];
}

extern "C" __global__ void writesBeforeTheStart(float* out) { out[(int)threadIdx.x - 1] = 1; }

extern "C" __global__ void misaligned(const char* a, float* out) { out[threadIdx.x] = *(const float*)(a + 2); }

extern "C" __global__ void misalignedVector(const float* a, float* out) {
    float4 v = *(const float4*)(a + 1);
    out[threadIdx.x] = v.x + v.w;
}

extern "C" __global__ void missingBarrier(const float* a, float* out) {
    __shared__ float s[64];
    s[threadIdx.x] = a[threadIdx.x];
    out[threadIdx.x] = s[63 - threadIdx.x];
}

extern "C" __global__ void missingBarrierBeforeReuse(const float* a, float* out) {
    __shared__ float s[64];
    s[threadIdx.x] = a[threadIdx.x];
    __syncthreads();
    float other = s[63 - threadIdx.x];
    s[threadIdx.x] = other;
    __syncthreads();
    out[threadIdx.x] = s[threadIdx.x];
}

extern "C" __global__ void missingWarpBarrier(const float* a, float* out) {
    __shared__ float s[32];
    s[threadIdx.x] = a[threadIdx.x];
    out[threadIdx.x] = s[31 - threadIdx.x];
}

extern "C" __global__ void missingBarrierAfterAtomic(int* out) {
    __shared__ int s;
    if (threadIdx.x == 0) s = 0;
    __syncthreads();
    atomicAdd(&s, 1);
    out[threadIdx.x] = s;
}

extern "C" __global__ void uninitialisedShared(float* out) {
    __shared__ float s[64];
    if (threadIdx.x < 63) s[threadIdx.x] = 1;
    __syncthreads();
    out[threadIdx.x] = s[threadIdx.x];
}

extern "C" __global__ void sharedOutOfBounds(float* out, int n) {
    extern __shared__ float s[];
    s[threadIdx.x] = 1;
    __syncthreads();
    out[threadIdx.x] = s[threadIdx.x + n];
}

extern "C" __global__ void divergedBarrier(float* out) {
    __shared__ float s[64];
    s[threadIdx.x] = 1;
    if (threadIdx.x < 48) {
        __syncthreads();
        out[threadIdx.x] = s[63 - threadIdx.x];
    }
    __syncthreads();
    out[threadIdx.x] = s[threadIdx.x];
}

extern "C" __global__ void barrierAfterExit(float* out, int n) {
    if (threadIdx.x >= n) return;
    __syncthreads();
    out[threadIdx.x] = 1;
}

extern "C" __global__ void barrierOfSomeWarps(float* out) {
    if (threadIdx.x < 32) {
        __syncthreads();
    } else {
        asm volatile("bar.sync 1;");
    }
    out[threadIdx.x] = 1;
}

extern "C" __global__ void divergedShuffle(const float* a, float* out) {
    float v = a[threadIdx.x];
    if (threadIdx.x < 16) {
        v = __shfl_xor_sync(~0u, v, 1);
    } else {
        v = __shfl_xor_sync(~0u, v, 2) + 1;
    }
    out[threadIdx.x] = v;
}

extern "C" __global__ void nullPointer(float* out) { *out = 1; }

extern "C" __global__ void traps(int* out) {
    if (threadIdx.x == 3) __trap();
    out[threadIdx.x] = 1;
}
