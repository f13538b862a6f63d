// add sub mul mad fma div rem neg abs min max sqrt rcp copysign, of integers and floats.
#include <cfenv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "engine/lanes.h"

namespace sim {

namespace {

struct Add { template <class T> T operator()(T a, T b) const { return static_cast<T>(a + b); } };
struct Sub { template <class T> T operator()(T a, T b) const { return static_cast<T>(a - b); } };
struct Mul { template <class T> T operator()(T a, T b) const { return static_cast<T>(a * b); } };
struct Neg { template <class T> T operator()(T a) const { return static_cast<T>(-a); } };
struct Abs { template <class T> T operator()(T a) const { if constexpr (std::is_floating_point_v<T>) return std::fabs(a); else return static_cast<T>(a < 0 ? -a : a); } };
struct Sqrt { template <class T> T operator()(T a) const { return std::sqrt(a); } };
struct Reciprocal { template <class T> T operator()(T a) const { return T(1) / a; } };
struct DivFloat { template <class T> T operator()(T a, T b) const { return a / b; } };
struct CopySign { template <class T> T operator()(T sign, T value) const { return std::copysign(value, sign); } };

/// fma of the standard library is one instruction where the compiler may use it, and exact either way.
struct Fma {
    float operator()(float a, float b, float c) const { return __builtin_fmaf(a, b, c); }
    double operator()(double a, double b, double c) const { return __builtin_fma(a, b, c); }
};

/// As the hardware divides: by zero gives all ones, and the smallest number by -1 gives itself.
struct DivInteger {
    template <class T> T operator()(T a, T b) const {
        if (b == 0) return static_cast<T>(-1);
        if constexpr (std::is_signed_v<T>) { if (b == -1) return static_cast<T>(-a); }
        return static_cast<T>(a / b);
    }
};
struct RemInteger {
    template <class T> T operator()(T a, T b) const {
        if (b == 0) return a;
        if constexpr (std::is_signed_v<T>) { if (b == -1) return 0; }
        return static_cast<T>(a % b);
    }
};

struct MulHigh {
    template <class T> T operator()(T a, T b) const {
        using Wide = std::conditional_t<sizeof(T) == 8, std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>,
                                        std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>;
        return static_cast<T>(static_cast<Wide>(a) * static_cast<Wide>(b) >> 8 * sizeof(T));
    }
};
struct MadLow { template <class T> T operator()(T a, T b, T c) const { return static_cast<T>(a * b + c); } };
struct MadHigh { template <class T> T operator()(T a, T b, T c) const { return static_cast<T>(MulHigh()(a, b) + c); } };
template <class D> struct MulWide { template <class T> D operator()(T a, T b) const { return static_cast<D>(a) * static_cast<D>(b); } };
template <class D> struct MadWide { template <class T> D operator()(T a, T b, D c) const { return static_cast<D>(a) * static_cast<D>(b) + c; } };

struct MinInteger { template <class T> T operator()(T a, T b) const { return a < b ? a : b; } };
struct MaxInteger { template <class T> T operator()(T a, T b) const { return a > b ? a : b; } };

template <class T> T canonicalNan() {
    if constexpr (sizeof(T) == 4) return bitsAs<float>(uint32_t{0x7FFFFFFF});
    else return bitsAs<double>(uint64_t{0x7FFFFFFFFFFFFFFF});
}

/// -0 is less than +0; of a number and a NaN the number, unless the NaN wins by modifier.
template <bool isMax, bool nanWins>
struct Extreme {
    template <class T> T operator()(T a, T b) const {
        bool aIsLess = a < b || (a == b && std::signbit(a) > std::signbit(b));
        T result = aIsLess != isMax ? a : b;
        bool aIsNan = a != a, bIsNan = b != b;
        if (nanWins) return aIsNan || bIsNan ? canonicalNan<T>() : result;
        result = bIsNan ? a : result;
        result = aIsNan ? b : result;
        return aIsNan && bIsNan ? canonicalNan<T>() : result;
    }
};

// Modifiers of floating arithmetic, in the instruction's immediate: a rounding mode of <cfenv> in the low bits.
constexpr int64_t FLUSH = 1 << 16, SATURATE = 1 << 17, ROUNDING = 0xFFFF;

/// Any operation with modifiers; slower than the plain one.
template <class Op, class T, int arity>
void modified(Warp& warp, const Instruction& in) {
    const T* a = warp.lanes<T>(in.a);
    const T* b = warp.lanes<T>(arity > 1 ? in.b : in.a);
    const T* c = warp.lanes<T>(arity > 2 ? in.c : in.a);
    const int64_t modifiers = in.immediate;
    auto flush = [=](T value) { return modifiers & FLUSH ? flushed(value) : value; };
    std::fesetround(static_cast<int>(modifiers & ROUNDING));
    eachLane<T>(warp, in.d, [=](int i) {
        T result;
        if constexpr (arity == 1) result = Op()(flush(a[i]));
        else if constexpr (arity == 2) result = Op()(flush(a[i]), flush(b[i]));
        else result = Op()(flush(a[i]), flush(b[i]), flush(c[i]));
        result = flush(result);
        if (modifiers & SATURATE) result = result > 0 ? (result < 1 ? result : T(1)) : T(0);
        return result;
    });
    std::fesetround(FE_TONEAREST);
}

int64_t takeModifiers(Emitter& e) {
    int64_t modifiers = FE_TONEAREST;
    if (e.take("rz")) modifiers = FE_TOWARDZERO;
    else if (e.take("rm")) modifiers = FE_DOWNWARD;
    else if (e.take("rp")) modifiers = FE_UPWARD;
    else e.take("rn");
    if (e.take("ftz")) modifiers |= FLUSH;
    if (e.take("sat")) modifiers |= SATURATE;
    return modifiers;
}

void sources(Emitter& e, Type type, size_t count) {
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    if (count > 1) e.in.b = e.source(2, type);
    if (count > 2) e.in.c = e.source(3, type);
}

template <class Op, int arity>
void floating(Emitter& e, Type type) {
    e.in.immediate = takeModifiers(e);
    sources(e, type, arity);
    bool isPlain = e.in.immediate == FE_TONEAREST;
    Handler handler = forFloat(type, [=](auto zero) -> Handler {
        using T = decltype(zero);
        if (!isPlain) return modified<Op, T, arity>;
        if constexpr (arity == 1) return unary<Op, T, T>;
        else if constexpr (arity == 2) return binary<Op, T, T, T>;
        else return ternary<Op, T, T, T, T>;
    });
    e.finish(handler, arity + 1);
}

template <class Op>
void integerBinary(Emitter& e, Type type) {
    sources(e, type, 2);
    e.finish(forInteger(type, [](auto zero) -> Handler { using T = decltype(zero); return binary<Op, T, T, T>; }), 3);
}

template <class Op>
void sumOrDifference(Emitter& e) {
    Type type = e.takeType();
    isFloat(type) ? floating<Op, 2>(e, type) : integerBinary<Op>(e, type);
}

void mul(Emitter& e) {
    Type type = e.takeType();
    if (isFloat(type)) return floating<Mul, 2>(e, type);
    if (e.take("lo")) return integerBinary<Mul>(e, type);
    if (e.take("hi")) return integerBinary<MulHigh>(e, type);
    if (!e.take("wide")) e.unsupported();
    e.in.d = e.destination(e.operand(0), 2 * sizeOf(type));
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    switch (type) {
        case Type::U16: return e.finish(binary<MulWide<uint32_t>, uint32_t, uint16_t, uint16_t>, 3);
        case Type::S16: return e.finish(binary<MulWide<int32_t>, int32_t, int16_t, int16_t>, 3);
        case Type::U32: return e.finish(binary<MulWide<uint64_t>, uint64_t, uint32_t, uint32_t>, 3);
        case Type::S32: return e.finish(binary<MulWide<int64_t>, int64_t, int32_t, int32_t>, 3);
        default: e.unsupported();
    }
}

void mad(Emitter& e) {
    Type type = e.takeType();
    if (isFloat(type)) return floating<Fma, 3>(e, type);
    if (e.take("wide")) {
        e.in.d = e.destination(e.operand(0), 2 * sizeOf(type));
        e.in.a = e.source(1, type);
        e.in.b = e.source(2, type);
        e.in.c = e.source(3, sizeOf(type) == 4 ? Type::B64 : Type::B32);
        switch (type) {
            case Type::U16: return e.finish(ternary<MadWide<uint32_t>, uint32_t, uint16_t, uint16_t, uint32_t>, 4);
            case Type::S16: return e.finish(ternary<MadWide<int32_t>, int32_t, int16_t, int16_t, int32_t>, 4);
            case Type::U32: return e.finish(ternary<MadWide<uint64_t>, uint64_t, uint32_t, uint32_t, uint64_t>, 4);
            case Type::S32: return e.finish(ternary<MadWide<int64_t>, int64_t, int32_t, int32_t, int64_t>, 4);
            default: e.unsupported();
        }
    }
    sources(e, type, 3);
    if (e.take("lo")) {
        return e.finish(forInteger(type, [](auto zero) -> Handler { using T = decltype(zero); return ternary<MadLow, T, T, T, T>; }), 4);
    }
    if (!e.take("hi")) e.unsupported();
    e.finish(forInteger(type, [](auto zero) -> Handler { using T = decltype(zero); return ternary<MadHigh, T, T, T, T>; }), 4);
}

void div(Emitter& e) {
    Type type = e.takeType();
    if (!isFloat(type)) return integerBinary<DivInteger>(e, type);
    // The approximate forms are no less exact here; only their flushing is kept.
    e.take("approx") || e.take("full");
    floating<DivFloat, 2>(e, type);
}

void rem(Emitter& e) { integerBinary<RemInteger>(e, e.takeType()); }

template <class Op>
void negOrAbs(Emitter& e) {
    Type type = e.takeType();
    if (isFloat(type)) return floating<Op, 1>(e, type);
    sources(e, type, 1);
    if (!isSigned(type)) e.unsupported();
    e.finish(forInteger(type, [](auto zero) -> Handler { using T = decltype(zero); return unary<Op, T, T>; }), 2);
}

template <bool isMax>
void minOrMax(Emitter& e) {
    Type type = e.takeType();
    if (!isFloat(type)) return isMax ? integerBinary<MaxInteger>(e, type) : integerBinary<MinInteger>(e, type);
    if (e.take("NaN")) return floating<Extreme<isMax, true>, 2>(e, type);
    floating<Extreme<isMax, false>, 2>(e, type);
}

void fma(Emitter& e) {
    Type type = e.takeType();
    floating<Fma, 3>(e, type);
}

void copysign(Emitter& e) {
    Type type = e.takeType();
    sources(e, type, 2);
    e.finish(forFloat(type, [](auto zero) -> Handler { using T = decltype(zero); return binary<CopySign, T, T, T>; }), 3);
}

}  // namespace

void decodeExactSqrt(Emitter& e) { floating<Sqrt, 1>(e, e.takeType()); }

void decodeExactReciprocal(Emitter& e) { floating<Reciprocal, 1>(e, e.takeType()); }

void addArithmetic(Families& families) {
    families["add"] = sumOrDifference<Add>;
    families["sub"] = sumOrDifference<Sub>;
    families["mul"] = mul;
    families["mad"] = mad;
    families["fma"] = fma;
    families["div"] = div;
    families["rem"] = rem;
    families["neg"] = negOrAbs<Neg>;
    families["abs"] = negOrAbs<Abs>;
    families["min"] = minOrMax<false>;
    families["max"] = minOrMax<true>;
    families["copysign"] = copysign;
}

}  // namespace sim
