// Shared memory, barriers, shuffles, votes and atomics.
extern "C" __global__ void reduce(const float* a, float* out, int n) {
    __shared__ float s[256];
    float t = 0;
    for (int i = blockIdx.x * 256 + threadIdx.x; i < n; i += gridDim.x * 256) t += a[i];
    s[threadIdx.x] = t;
    __syncthreads();
    for (int k = 128; k > 0; k >>= 1) {
        if (threadIdx.x < k) s[threadIdx.x] += s[threadIdx.x + k];
        __syncthreads();
    }
    if (threadIdx.x == 0) out[blockIdx.x] = s[0];
}

__device__ float largest(float m) {
    for (int k = 16; k; k >>= 1) m = fmaxf(m, __shfl_xor_sync(~0u, m, k));
    return m;
}

__device__ float total(float s) {
    for (int k = 16; k; k >>= 1) s += __shfl_xor_sync(~0u, s, k);
    return s;
}

// One block for each row; the row is kept in dynamic shared memory behind the static one.
extern "C" __global__ void softmax(const float* a, float* out, int cols) {
    extern __shared__ float row[];
    __shared__ float part[32];
    const float* x = a + (long long)blockIdx.x * cols;
    int warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
    float m = __int_as_float(0xff800000);
    for (int j = threadIdx.x; j < cols; j += blockDim.x) {
        row[j] = x[j];
        m = fmaxf(m, x[j]);
    }
    m = largest(m);
    if ((threadIdx.x & 31) == 0) part[warp] = m;
    __syncthreads();
    m = largest(threadIdx.x % 32 < warps ? part[threadIdx.x % 32] : m);
    __syncthreads();
    float s = 0;
    for (int j = threadIdx.x; j < cols; j += blockDim.x) {
        float e = expf(row[j] - m);
        row[j] = e;
        s += e;
    }
    s = total(s);
    if ((threadIdx.x & 31) == 0) part[warp] = s;
    __syncthreads();
    s = 0;
    for (int k = 0; k < warps; k++) s += part[k];
    for (int j = threadIdx.x; j < cols; j += blockDim.x) out[(long long)blockIdx.x * cols + j] = row[j] / s;
}

extern "C" __global__ void atomics(const int* a, int* io, float* f, double* d, unsigned long long* u, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    int x = a[i];
    atomicAdd(io, x);
    atomicMax(io + 1, x);
    atomicMin(io + 2, x);
    atomicOr(io + 3, x);
    atomicAnd(io + 4, x);
    atomicXor(io + 5, x);
    atomicAdd(f, (float)x);
    atomicAdd(d, (double)x);
    atomicAdd(u, (unsigned long long)(long long)x);
    atomicCAS(io + 6, 0, x);
    io[7 + atomicAdd(io + 6 + n + 1, 1)] = x;
}

extern "C" __global__ void histogram(const int* a, int* out, int n) {
    __shared__ int bins[16];
    if (threadIdx.x < 16) bins[threadIdx.x] = 0;
    __syncthreads();
    for (int i = threadIdx.x; i < n; i += blockDim.x) atomicAdd(bins + (a[i] & 15), 1);
    __syncthreads();
    if (threadIdx.x < 16) out[threadIdx.x] = bins[threadIdx.x];
}

extern "C" __global__ void votes(const int* a, unsigned* out) {
    int i = threadIdx.x;
    out[i] = __ballot_sync(~0u, a[i] > 3);
    out[i + 32] = __any_sync(~0u, a[i] > 30);
    out[i + 64] = __all_sync(~0u, a[i] > -1);
    out[i + 96] = __activemask();
    out[i + 128] = __reduce_add_sync(~0u, a[i]);
    out[i + 160] = __syncthreads_count(a[i] > 3);
    out[i + 192] = __match_any_sync(~0u, a[i] & 3);
    out[i + 224] = __shfl_up_sync(~0u, a[i], 3);
    out[i + 256] = __shfl_down_sync(~0u, a[i], 5, 8);
    out[i + 288] = __shfl_sync(~0u, a[i], 7);
}

// A warp passes values through shared memory with a barrier of its own.
extern "C" __global__ void warpExchange(const int* a, int* out) {
    __shared__ int s[32];
    s[threadIdx.x] = a[threadIdx.x];
    __syncwarp();
    int other = s[31 - threadIdx.x];
    __syncwarp();
    s[threadIdx.x] = other + 1;
    __syncwarp();
    out[threadIdx.x] = s[(threadIdx.x + 1) & 31];
}

// The last block to finish adds up what the others left: order of blocks must not matter.
__device__ unsigned finished = 0;
extern "C" __global__ void lastBlock(const int* a, int* partial, int* out, int n) {
    __shared__ bool isLast;
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) atomicAdd(partial + blockIdx.x, a[i]);
    __threadfence();
    if (threadIdx.x == 0) isLast = atomicAdd(&finished, 1) == gridDim.x - 1;
    __syncthreads();
    if (isLast && threadIdx.x == 0) {
        int s = 0;
        for (int k = 0; k < gridDim.x; k++) s += partial[k];
        *out = s;
    }
}
