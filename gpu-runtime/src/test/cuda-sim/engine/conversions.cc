// cvt.
#include <cfenv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "engine/half.h"
#include "engine/lanes.h"

namespace sim {

namespace {

enum Rounding : int64_t { NEAREST = 0, TO_ZERO = 1, DOWN = 2, UP = 3 };

// In the instruction's immediate, beside the rounding in the two lowest bits; c and vector[0] hold the sizes of the
// registers of the source and of the destination, which may be larger than the types.
constexpr int64_t ROUNDING = 3, FLUSH = 4, SATURATE = 8, TO_INTEGRAL = 16;

template <class T>
T rounded(T value, int64_t rounding) {
    switch (rounding) {
        case TO_ZERO: return std::trunc(value);
        case DOWN: return std::floor(value);
        case UP: return std::ceil(value);
        default: return std::nearbyint(value);
    }
}

/// Out of range goes to the nearest end of the range. NaN is zero, or the sign bit where 64 bits take part.
template <class D, class A>
D integerOf(A value) {
    if (value != value) return sizeof(D) == 8 || sizeof(A) == 8 ? static_cast<D>(uint64_t{1} << (8 * sizeof(D) - 1)) : D(0);
    // The first value above the range; the largest itself may be no float.
    constexpr A limit = static_cast<A>(uint64_t{1} << (8 * sizeof(D) - 2)) * (std::is_signed_v<D> ? A(2) : A(4));
    if (value >= limit) return std::numeric_limits<D>::max();
    if (value <= static_cast<A>(std::numeric_limits<D>::min())) return std::numeric_limits<D>::min();
    return static_cast<D>(value);
}

template <class D, class A>
D convertedInteger(A value, bool saturate) {
    if (!saturate) return static_cast<D>(value);
    auto wide = static_cast<__int128>(value);
    if (wide < static_cast<__int128>(std::numeric_limits<D>::min())) return std::numeric_limits<D>::min();
    if (wide > static_cast<__int128>(std::numeric_limits<D>::max())) return std::numeric_limits<D>::max();
    return static_cast<D>(value);
}

template <class D, class A>
D converted(A value, int64_t how) {
    constexpr bool fromFloat = std::is_floating_point_v<A>, toFloat = std::is_floating_point_v<D>;
    if constexpr (fromFloat) {
        if (how & FLUSH && sizeof(A) == 4) value = flushed(value);
    }
    if constexpr (fromFloat && !toFloat) return integerOf<D>(rounded(value, how & ROUNDING));
    else if constexpr (!fromFloat && !toFloat) return convertedInteger<D>(value, how & SATURATE);
    else {
        if constexpr (fromFloat && std::is_same_v<D, A>) {
            if (how & TO_INTEGRAL) value = rounded(value, how & ROUNDING);
        }
        D result = static_cast<D>(value);
        if (how & SATURATE) result = result > 0 ? (result < 1 ? result : D(1)) : D(0);
        if (how & FLUSH && sizeof(D) == 4) result = flushed(result);
        return result;
    }
}

/// The lanes of a register as values of a type that is no larger.
template <class A>
const A* narrowed(Warp& warp, uint32_t reg, uint32_t size, A* buffer) {
    if (size == sizeof(A)) return warp.lanes<A>(reg);
    for (int i = 0; i < WARP_SIZE; i++) memcpy(buffer + i, warp.registers + reg + static_cast<uint32_t>(i) * size, sizeof(A));
    return buffer;
}

template <class D, class F>
void store(Warp& warp, const Instruction& in, F f) {
    if constexpr (std::is_integral_v<D>) {
        if (in.vector[0] == 2 && sizeof(D) == 1) return eachLane<int16_t>(warp, in.d, [=](int i) { return static_cast<int16_t>(f(i)); });
        if (in.vector[0] == 4 && sizeof(D) < 4) return eachLane<int32_t>(warp, in.d, [=](int i) { return static_cast<int32_t>(f(i)); });
        if (in.vector[0] == 8 && sizeof(D) < 8) return eachLane<int64_t>(warp, in.d, [=](int i) { return static_cast<int64_t>(f(i)); });
    }
    eachLane<D>(warp, in.d, f);
}

int fenvOf(int64_t rounding) { return rounding == TO_ZERO ? FE_TOWARDZERO : rounding == DOWN ? FE_DOWNWARD : rounding == UP ? FE_UPWARD : FE_TONEAREST; }

template <class D, class A>
void convert(Warp& warp, const Instruction& in) {
    A buffer[WARP_SIZE];
    const A* a = narrowed<A>(warp, in.a, in.c, buffer);
    const int64_t how = in.immediate;
    bool isDirected = std::is_floating_point_v<D> && !(how & TO_INTEGRAL) && (how & ROUNDING) != NEAREST;
    if (isDirected) std::fesetround(fenvOf(how & ROUNDING));
    store<D>(warp, in, [=](int i) { return converted<D, A>(a[i], how); });
    if (isDirected) std::fesetround(FE_TONEAREST);
}

template <class F>
Handler forNumber(Type type, F f) {
    switch (type) {
        case Type::U8: return f(uint8_t{});
        case Type::S8: return f(int8_t{});
        case Type::F32: return f(float{});
        case Type::F64: return f(double{});
        default: return forInteger(type, f);
    }
}

struct FloatOfHalf { float operator()(uint16_t a) const { return floatOfHalf(a); } };
struct FloatOfBfloat { float operator()(uint16_t a) const { return floatOfBfloat(a); } };
template <bool toZero> struct HalfOf { uint16_t operator()(float a) const { return halfOf(a, toZero); } };
template <bool toZero> struct BfloatOf { uint16_t operator()(float a) const { return bfloatOf(a, toZero); } };
struct Tf32Of { uint32_t operator()(float a) const { return bitsAs<uint32_t>(tf32Of(a)); } };

/// Two floats to a pair: the first becomes the upper half.
template <class Op>
struct Pair { uint32_t operator()(float a, float b) const { return static_cast<uint32_t>(Op()(a)) << 16 | Op()(b); } };

void toPair(Emitter& e, Type to, bool toZero) {
    e.in.d = e.destination(0, Type::B32);
    e.in.a = e.source(1, Type::F32);
    e.in.b = e.source(2, Type::F32);
    using U = uint32_t;
    if (to == Type::F16x2) return e.finish(toZero ? binary<Pair<HalfOf<true>>, U, float, float> : binary<Pair<HalfOf<false>>, U, float, float>, 3);
    e.finish(toZero ? binary<Pair<BfloatOf<true>>, U, float, float> : binary<Pair<BfloatOf<false>>, U, float, float>, 3);
}

void ofSmallFloats(Emitter& e, Type to, Type from) {
    bool toZero = e.take("rz");
    e.take("rn");
    if (to == Type::F16x2 || to == Type::BF16x2) return from == Type::F32 ? toPair(e, to, toZero) : e.unsupported();
    e.in.d = e.destination(0, to);
    e.in.a = e.source(1, from);
    Handler handler = nullptr;
    if (to == Type::F32) handler = from == Type::F16 ? unary<FloatOfHalf, float, uint16_t> : unary<FloatOfBfloat, float, uint16_t>;
    else if (from == Type::F32 && to == Type::F16) handler = toZero ? unary<HalfOf<true>, uint16_t, float> : unary<HalfOf<false>, uint16_t, float>;
    else if (from == Type::F32) handler = toZero ? unary<BfloatOf<true>, uint16_t, float> : unary<BfloatOf<false>, uint16_t, float>;
    e.finish(handler, 2);
}

bool isSmallFloat(Type type) { return type == Type::F16 || type == Type::BF16 || type == Type::F16x2 || type == Type::BF16x2; }

int64_t takeRounding(Emitter& e) {
    static const struct {
        const char* word;
        int64_t how;
    } all[] = {{"rni", NEAREST | TO_INTEGRAL}, {"rzi", TO_ZERO | TO_INTEGRAL}, {"rmi", DOWN | TO_INTEGRAL}, {"rpi", UP | TO_INTEGRAL},
               {"rn", NEAREST}, {"rz", TO_ZERO}, {"rm", DOWN}, {"rp", UP}};
    for (const auto& named : all) {
        if (e.take(named.word)) return named.how;
    }
    return NEAREST;
}

void cvt(Emitter& e) {
    if (e.take("tf32")) {
        if (!e.take("rna") || e.takeType() != Type::F32) e.unsupported();
        e.in.d = e.destination(0, Type::B32);
        e.in.a = e.source(1, Type::F32);
        return e.finish(unary<Tf32Of, uint32_t, float>, 2);
    }
    Type to = e.takeType(), from = e.takeType();
    if (isSmallFloat(to) || isSmallFloat(from)) return ofSmallFloats(e, to, from);
    e.in.immediate = takeRounding(e) | (e.take("ftz") ? FLUSH : 0) | (e.take("sat") ? SATURATE : 0);
    e.in.c = static_cast<uint32_t>(e.looseSource(e.operand(1), from, e.in.a));
    const Operand& target = e.operand(0);
    if (target.kind != Operand::Kind::Register || e.registerSize(target) < sizeOf(to)) e.unsupported();
    e.in.vector[0] = static_cast<uint32_t>(e.registerSize(target));
    e.in.d = e.destination(target, e.registerSize(target));
    e.finish(forNumber(to, [from](auto zero) -> Handler {
        using D = decltype(zero);
        return forNumber(from, [](auto other) -> Handler { return convert<D, decltype(other)>; });
    }), 2);
}

}  // namespace

void addConversions(Families& families) { families["cvt"] = cvt; }

}  // namespace sim
