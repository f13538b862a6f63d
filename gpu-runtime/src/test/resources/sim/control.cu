// Divergence, loops, calls, jump tables, local arrays, structs and variables of the module.
__device__ __noinline__ int collatz(int x) {
    int steps = 0;
    while (x != 1 && steps < 200) {
        x = (x & 1) ? 3 * x + 1 : x / 2;
        steps++;
    }
    return steps;
}

__device__ __noinline__ float twice(float x) { return x * 2.f; }

extern "C" __global__ void calls(const int* a, float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    int steps = collatz(a[i]);
    float y = steps;
    if (steps & 1) y = twice(y);
    out[i] = y;
}

extern "C" __global__ void localArray(const int* a, int* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    int h[16];
    for (int k = 0; k < 16; k++) h[k] = k * a[i];
    int s = 0;
    for (int k = 0; k < 40; k++) {
        int j = (a[i] * 7 + k * k) & 15;
        h[j] += k;
        s += h[(j + 3) & 15];
    }
    out[i] = s;
}

extern "C" __global__ void choose(const int* a, int* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    int x = a[i], r = 0;
    for (int k = 0; k < 3; k++) {
        switch ((x + k) % 9) {
            case 0: r += x * 3 + 1; break;
            case 1: r -= x; break;
            case 2: r ^= 99; break;
            case 3: r <<= 5; break;
            case 4: r += x * x * x; break;
            case 5: r = ~r; break;
            case 6: r /= 3; break;
            case 7: r = r % 5 + 2; break;
            default: r -= 1;
        }
    }
    out[i] = r;
}

struct Affine {
    int n;
    double scale;
    const float* from;
    short offsets[3];
};

extern "C" __global__ void structure(Affine by, float* out) {
    int i = threadIdx.x;
    if (i < by.n) out[i] = by.from[i] * by.scale + by.offsets[i % 3];
}

__constant__ float coefficients[4] = {1, 2, 3, 4};
__device__ int factor = 7;

extern "C" __global__ void moduleVariables(float* out) { out[threadIdx.x] = coefficients[threadIdx.x & 3] * factor; }

extern "C" __global__ void endless(int* a) {
    while (atomicAdd(a, 0) == 0) {
    }
}
