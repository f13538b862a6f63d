// Integer arithmetic of both widths, conversions and bits.
extern "C" __global__ void integers32(const int* a, const int* b, int* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    int x = a[i], y = b[i];
    int* r = out + i * 25L;
    r[0] = x + y;
    r[1] = x * y;
    r[2] = y ? x / y : 0;
    r[3] = y ? x % y : 0;
    r[4] = x << (y & 31);
    r[5] = x >> (y & 31);
    r[6] = (unsigned)x >> (y & 31);
    r[7] = min(x, y);
    r[8] = max(x, y);
    r[9] = abs(x);
    r[10] = x & y;
    r[11] = x | y;
    r[12] = x ^ y;
    r[13] = ~x;
    r[14] = __clz(x);
    r[15] = __popc(x);
    r[16] = __mulhi(x, y);
    r[17] = __brev(x);
    r[18] = (int)(float)x;
    r[19] = y ? (unsigned)x / (unsigned)y : 0;
    r[20] = __byte_perm(x, y, 0x3715);
    r[21] = (signed char)x;
    r[22] = (unsigned short)x;
    r[23] = __funnelshift_l(x, y, 7);
    r[24] = x / 7 + x % 10;
}

extern "C" __global__ void integers64(const long long* a, const long long* b, long long* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    long long x = a[i], y = b[i];
    long long* r = out + i * 22L;
    r[0] = x + y;
    r[1] = x * y;
    r[2] = y ? x / y : 0;
    r[3] = y ? x % y : 0;
    r[4] = x << (y & 63);
    r[5] = x >> (y & 63);
    r[6] = (unsigned long long)x >> (y & 63);
    r[7] = min(x, y);
    r[8] = max(x, y);
    r[9] = llabs(x);
    r[10] = x & y;
    r[11] = x | y;
    r[12] = x ^ y;
    r[13] = ~x;
    r[14] = __clzll(x);
    r[15] = __popcll(x);
    r[16] = __mul64hi(x, y);
    r[17] = __brevll(x);
    r[18] = (long long)(double)x;
    r[19] = (long long)(float)y;
    r[20] = (long long)__uint2float_rn((unsigned)x);
    r[21] = x / 1000 + x % 1000;
}

extern "C" __global__ void smallIntegers(const unsigned char* a, const short* b, unsigned char* bytes, short* shorts, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    bytes[i] = a[i] + 200;
    shorts[i] = b[i] * 3;
}
