// What every kernel begins with: the scalar functions of plan.ScalarOp, the conversions of plan.RowProgram.Convert and
// the combining functions of plan.ReduceOp, overloaded by dtype. A bool is an unsigned char that is 0 or 1.
// Integer arithmetic wraps, so it is done unsigned. Corner cases are those that plan.ScalarOp documents.
#define FUNCTION __device__ __forceinline__
typedef unsigned char boolean;
typedef long long int64;
typedef unsigned long long uint64;

FUNCTION float float32_of(int bits) { return __int_as_float(bits); }
FUNCTION double float64_of(int64 bits) { return __longlong_as_double(bits); }

// Signs and parts.
FUNCTION int op_negative(int x) { return (int)(0u - (unsigned)x); }
FUNCTION int64 op_negative(int64 x) { return (int64)(0ull - (uint64)x); }
FUNCTION float op_negative(float x) { return -x; }
FUNCTION double op_negative(double x) { return -x; }
FUNCTION boolean op_abs(boolean x) { return x; }
FUNCTION int op_abs(int x) { return x < 0 ? op_negative(x) : x; }
FUNCTION int64 op_abs(int64 x) { return x < 0 ? op_negative(x) : x; }
FUNCTION float op_abs(float x) { return fabsf(x); }
FUNCTION double op_abs(double x) { return fabs(x); }
FUNCTION int op_sign(int x) { return (x > 0) - (x < 0); }
FUNCTION int64 op_sign(int64 x) { return (x > 0) - (x < 0); }
FUNCTION float op_sign(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x != x ? x : 0.0f; }
FUNCTION double op_sign(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x != x ? x : 0.0; }
FUNCTION boolean op_is_nan(boolean x) { return 0; }
FUNCTION boolean op_is_nan(int x) { return 0; }
FUNCTION boolean op_is_nan(int64 x) { return 0; }
FUNCTION boolean op_is_nan(float x) { return x != x; }
FUNCTION boolean op_is_nan(double x) { return x != x; }
FUNCTION boolean op_is_finite(boolean x) { return 1; }
FUNCTION boolean op_is_finite(int x) { return 1; }
FUNCTION boolean op_is_finite(int64 x) { return 1; }
FUNCTION boolean op_is_finite(float x) { return fabsf(x) <= 3.402823466e+38f; }
FUNCTION boolean op_is_finite(double x) { return fabs(x) <= 1.7976931348623157e+308; }

// Arithmetic.
FUNCTION boolean op_add(boolean x, boolean y) { return x | y; }
FUNCTION int op_add(int x, int y) { return (int)((unsigned)x + (unsigned)y); }
FUNCTION int64 op_add(int64 x, int64 y) { return (int64)((uint64)x + (uint64)y); }
FUNCTION float op_add(float x, float y) { return x + y; }
FUNCTION double op_add(double x, double y) { return x + y; }
FUNCTION int op_subtract(int x, int y) { return (int)((unsigned)x - (unsigned)y); }
FUNCTION int64 op_subtract(int64 x, int64 y) { return (int64)((uint64)x - (uint64)y); }
FUNCTION float op_subtract(float x, float y) { return x - y; }
FUNCTION double op_subtract(double x, double y) { return x - y; }
FUNCTION boolean op_multiply(boolean x, boolean y) { return x & y; }
FUNCTION int op_multiply(int x, int y) { return (int)((unsigned)x * (unsigned)y); }
FUNCTION int64 op_multiply(int64 x, int64 y) { return (int64)((uint64)x * (uint64)y); }
FUNCTION float op_multiply(float x, float y) { return x * y; }
FUNCTION double op_multiply(double x, double y) { return x * y; }
FUNCTION int op_square(int x) { return op_multiply(x, x); }
FUNCTION int64 op_square(int64 x) { return op_multiply(x, x); }
FUNCTION float op_square(float x) { return x * x; }
FUNCTION double op_square(double x) { return x * x; }
FUNCTION float op_reciprocal(float x) { return 1.0f / x; }
FUNCTION double op_reciprocal(double x) { return 1.0 / x; }
FUNCTION float op_divide(float x, float y) { return x / y; }
FUNCTION double op_divide(double x, double y) { return x / y; }

// The remainder has the sign of the divisor, as in Python; dividing an integer by 0 gives 0.
FUNCTION int op_mod(int x, int y) {
    if (y == 0 || y == -1) {
        return 0;
    }
    int rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}
FUNCTION int64 op_mod(int64 x, int64 y) {
    if (y == 0 || y == -1) {
        return 0;
    }
    int64 rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}
FUNCTION float op_mod(float x, float y) {
    float rest = fmodf(x, y);
    if (rest == 0) {
        return copysignf(0.0f, y);
    }
    return (rest < 0) != (y < 0) ? rest + y : rest;
}
FUNCTION double op_mod(double x, double y) {
    double rest = fmod(x, y);
    if (rest == 0) {
        return copysign(0.0, y);
    }
    return (rest < 0) != (y < 0) ? rest + y : rest;
}
FUNCTION int op_floor_divide(int x, int y) {
    if (y == 0) {
        return 0;
    }
    if (y == -1) {
        return op_negative(x);
    }
    int quotient = x / y;
    return x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient;
}
FUNCTION int64 op_floor_divide(int64 x, int64 y) {
    if (y == 0) {
        return 0;
    }
    if (y == -1) {
        return op_negative(x);
    }
    int64 quotient = x / y;
    return x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient;
}
FUNCTION float op_floor_divide(float x, float y) {
    if (y == 0) {
        return x / y;
    }
    float rest = fmodf(x, y);
    float quotient = (x - rest) / y;
    if (rest != 0 && (rest < 0) != (y < 0)) {
        quotient -= 1;
    }
    float floor = floorf(quotient);
    return rest != rest ? rest : quotient == 0 ? copysignf(0.0f, x / y) : quotient - floor > 0.5f ? floor + 1 : floor;
}
FUNCTION double op_floor_divide(double x, double y) {
    if (y == 0) {
        return x / y;
    }
    double rest = fmod(x, y);
    double quotient = (x - rest) / y;
    if (rest != 0 && (rest < 0) != (y < 0)) {
        quotient -= 1;
    }
    double below = floor(quotient);
    return rest != rest ? rest : quotient == 0 ? copysign(0.0, x / y) : quotient - below > 0.5 ? below + 1 : below;
}
template <typename T> FUNCTION T integer_power(T base, T exponent) {
    if (exponent < 0) {
        return base == 1 ? 1 : base == -1 ? ((exponent & 1) != 0 ? -1 : 1) : 0;
    }
    T result = 1;
    for (T rest = exponent; rest != 0; rest >>= 1) {
        if ((rest & 1) != 0) {
            result = op_multiply(result, base);
        }
        base = op_multiply(base, base);
    }
    return result;
}
FUNCTION int op_power(int x, int y) { return integer_power(x, y); }
FUNCTION int64 op_power(int64 x, int64 y) { return integer_power(x, y); }
FUNCTION float op_power(float x, float y) { return powf(x, y); }
FUNCTION double op_power(double x, double y) { return pow(x, y); }

// Rounding.
FUNCTION int op_floor(int x) { return x; }
FUNCTION int64 op_floor(int64 x) { return x; }
FUNCTION float op_floor(float x) { return floorf(x); }
FUNCTION double op_floor(double x) { return floor(x); }
FUNCTION int op_ceil(int x) { return x; }
FUNCTION int64 op_ceil(int64 x) { return x; }
FUNCTION float op_ceil(float x) { return ceilf(x); }
FUNCTION double op_ceil(double x) { return ceil(x); }
FUNCTION int op_round(int x) { return x; }
FUNCTION int64 op_round(int64 x) { return x; }
FUNCTION float op_round(float x) { return rintf(x); }
FUNCTION double op_round(double x) { return rint(x); }

// Functions of one real number.
FUNCTION float op_exp(float x) { return expf(x); }
FUNCTION double op_exp(double x) { return exp(x); }
FUNCTION float op_expm1(float x) { return expm1f(x); }
FUNCTION double op_expm1(double x) { return expm1(x); }
FUNCTION float op_log(float x) { return logf(x); }
FUNCTION double op_log(double x) { return log(x); }
FUNCTION float op_log1p(float x) { return log1pf(x); }
FUNCTION double op_log1p(double x) { return log1p(x); }
FUNCTION float op_log2(float x) { return log2f(x); }
FUNCTION double op_log2(double x) { return log2(x); }
FUNCTION float op_sqrt(float x) { return sqrtf(x); }
FUNCTION double op_sqrt(double x) { return sqrt(x); }
FUNCTION float op_rsqrt(float x) { return 1.0f / sqrtf(x); }
FUNCTION double op_rsqrt(double x) { return 1.0 / sqrt(x); }
FUNCTION float op_sin(float x) { return sinf(x); }
FUNCTION double op_sin(double x) { return sin(x); }
FUNCTION float op_cos(float x) { return cosf(x); }
FUNCTION double op_cos(double x) { return cos(x); }
FUNCTION float op_tan(float x) { return tanf(x); }
FUNCTION double op_tan(double x) { return tan(x); }
FUNCTION float op_tanh(float x) { return tanhf(x); }
FUNCTION double op_tanh(double x) { return tanh(x); }
FUNCTION float op_erf(float x) { return erff(x); }
FUNCTION double op_erf(double x) { return erf(x); }
FUNCTION int op_relu(int x) { return x > 0 ? x : 0; }
FUNCTION int64 op_relu(int64 x) { return x > 0 ? x : 0; }
FUNCTION float op_relu(float x) { return x > 0 || x != x ? x : 0.0f; }
FUNCTION double op_relu(double x) { return x > 0 || x != x ? x : 0.0; }
FUNCTION float op_sigmoid(float x) {
    float small = expf(-fabsf(x));
    return (x >= 0 ? 1.0f : small) / (1.0f + small);
}
FUNCTION double op_sigmoid(double x) {
    double small = exp(-fabs(x));
    return (x >= 0 ? 1.0 : small) / (1.0 + small);
}
FUNCTION float op_softplus(float x) { return x != x ? x : fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x))); }
FUNCTION double op_softplus(double x) { return x != x ? x : fmax(x, 0.0) + log1p(exp(-fabs(x))); }
// Left of -1/2, x/2 * exp(-x^2 / 2) * erfcx(-x / sqrt 2), where the square's rounding error, which the exponential
// would blow up, is carried along.
FUNCTION float op_gelu(float x) {
    if (!(x < -0.5f)) {
        return 0.5f * x * (1.0f + erff(x * 0.70710678f));
    }
    if (x < -15.0f) {
        return -0.0f;
    }
    float square = x * x;
    float rest = fmaf(x, x, -square);
    float tail = expf(-0.5f * square) * fmaf(-0.5f, rest, 1.0f);
    return 0.5f * x * tail * erfcxf(-x * 0.70710678f);
}
FUNCTION double op_gelu(double x) {
    if (!(x < -0.5)) {
        return 0.5 * x * (1.0 + erf(x * 0.70710678118654752));
    }
    if (x < -40.0) {
        return -0.0;
    }
    double square = x * x;
    double rest = fma(x, x, -square);
    double tail = exp(-0.5 * square) * fma(-0.5, rest, 1.0);
    return 0.5 * x * tail * erfcx(-x * 0.70710678118654752);
}

// Comparisons and logic.
template <typename T> FUNCTION boolean op_equal(T x, T y) { return x == y; }
template <typename T> FUNCTION boolean op_not_equal(T x, T y) { return x != y; }
template <typename T> FUNCTION boolean op_less(T x, T y) { return x < y; }
template <typename T> FUNCTION boolean op_less_equal(T x, T y) { return x <= y; }
template <typename T> FUNCTION boolean op_greater(T x, T y) { return x > y; }
template <typename T> FUNCTION boolean op_greater_equal(T x, T y) { return x >= y; }
FUNCTION boolean op_logical_not(boolean x) { return x ^ 1; }
FUNCTION boolean op_logical_and(boolean x, boolean y) { return x & y; }
FUNCTION boolean op_logical_or(boolean x, boolean y) { return x | y; }
FUNCTION boolean op_logical_xor(boolean x, boolean y) { return x ^ y; }
template <typename T> FUNCTION T op_where(boolean condition, T x, T y) { return condition ? x : y; }
// NaN if either is; comparing with itself is false for NaN alone.
template <typename T> FUNCTION T op_minimum(T x, T y) { return x < y || x != x ? x : y != y || y < x ? y : x; }
template <typename T> FUNCTION T op_maximum(T x, T y) { return x > y || x != x ? x : y != y || y > x ? y : x; }

// Conversions. Float to integer truncates, NaN gives 0, and what is out of range the nearest end.
template <typename T> FUNCTION boolean to_bool(T x) { return x != 0; }
FUNCTION int to_int32(boolean x) { return x; }
FUNCTION int to_int32(int x) { return x; }
FUNCTION int to_int32(int64 x) { return (int)x; }
FUNCTION int to_int32(float x) { return x != x ? 0 : __float2int_rz(x); }
FUNCTION int to_int32(double x) { return x != x ? 0 : __double2int_rz(x); }
FUNCTION int64 to_int64(boolean x) { return x; }
FUNCTION int64 to_int64(int x) { return x; }
FUNCTION int64 to_int64(int64 x) { return x; }
FUNCTION int64 to_int64(float x) { return x != x ? 0 : __float2ll_rz(x); }
FUNCTION int64 to_int64(double x) { return x != x ? 0 : __double2ll_rz(x); }
template <typename T> FUNCTION float to_float32(T x) { return (float)x; }
template <typename T> FUNCTION double to_float64(T x) { return (double)x; }

// Reductions: what two parts of an axis combine to. A position is combined with the value found there.
template <typename T> struct Found {
    T value;
    int64 position;
};
template <typename T> FUNCTION bool is_above(T x, T y) { return x > y || (x != x && y == y); }
template <typename T> FUNCTION bool is_below(T x, T y) { return x < y || (x != x && y == y); }
template <typename T> FUNCTION bool is_level(T x, T y) { return x == y || (x != x && y != y); }
template <typename T> FUNCTION Found<T> find_above(Found<T> x, Found<T> y) {
    bool is_second = is_above(y.value, x.value) || (is_level(y.value, x.value) && y.position < x.position);
    return y.position >= 0 && (x.position < 0 || is_second) ? y : x;
}
template <typename T> FUNCTION Found<T> find_below(Found<T> x, Found<T> y) {
    bool is_second = is_below(y.value, x.value) || (is_level(y.value, x.value) && y.position < x.position);
    return y.position >= 0 && (x.position < 0 || is_second) ? y : x;
}

// Exchange between the lanes of a warp, all of which take part.
template <typename T> FUNCTION T exchange(T x, int mask) { return __shfl_xor_sync(0xffffffffu, x, mask); }
FUNCTION boolean exchange(boolean x, int mask) { return (boolean)__shfl_xor_sync(0xffffffffu, (unsigned)x, mask); }
template <typename T> FUNCTION Found<T> exchange(Found<T> x, int mask) {
    return {exchange(x.value, mask), exchange(x.position, mask)};
}

// Elements that are loaded or stored at once, at an address that is a multiple of their size.
template <typename T> struct alignas(4 * sizeof(T)) Four {
    T at[4];
};
