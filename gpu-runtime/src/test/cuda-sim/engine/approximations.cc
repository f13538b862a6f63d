// The instructions whose last bits the hardware does not promise: ex2, lg2, sin, cos, tanh, rcp, rsqrt, sqrt.
#include <cmath>

#include "engine/block.h"
#include "engine/lanes.h"

namespace sim {

void decodeExactSqrt(Emitter& e);
void decodeExactReciprocal(Emitter& e);

namespace {

struct Exp2 { float operator()(float x) const { return std::exp2(x); } };
struct Log2 { float operator()(float x) const { return std::log2(x); } };
struct Sine { float operator()(float x) const { return std::sin(x); } };
struct Cosine { float operator()(float x) const { return std::cos(x); } };
struct Tanh { float operator()(float x) const { return std::tanh(x); } };
struct Root { template <class T> T operator()(T x) const { return std::sqrt(x); } };
struct Inverse { template <class T> T operator()(T x) const { return T(1) / x; } };
struct InverseRoot {
    float operator()(float x) const { return static_cast<float>(1.0 / std::sqrt(static_cast<double>(x))); }
    double operator()(double x) const { return 1.0 / std::sqrt(x); }
};

/// The same noise for the same place, input and seed: a run can be repeated.
uint64_t mixed(uint64_t x) {
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/// Moves a normal number by up to `ulps` units in its last place, or in the last of the upper half of a double.
template <class T>
T perturbed(T value, uint64_t key, int ulps) {
    if (!std::isnormal(value)) return value;
    auto step = static_cast<int64_t>(mixed(key) % static_cast<uint64_t>(2 * ulps + 1)) - ulps;
    T moved;
    if constexpr (sizeof(T) == 4) moved = bitsAs<float>(static_cast<uint32_t>(bitsAs<uint32_t>(value) + step));
    else moved = bitsAs<double>(bitsAs<uint64_t>(value) + static_cast<uint64_t>(step));
    return std::isnormal(moved) ? moved : value;
}

constexpr int64_t FLUSH = 1, UPPER_HALF = 2;

template <class Op, class T>
void approximate(Warp& warp, const Instruction& in) {
    const T* a = warp.lanes<T>(in.a);
    T* d = warp.lanes<T>(in.d);
    const Launch& launch = warp.block().launch;
    for (int i = 0; i < WARP_SIZE; i++) {
        if (!(warp.exec >> i & 1)) continue;
        T x = in.immediate & FLUSH ? flushed(a[i]) : a[i];
        T result = Op()(x);
        if (launch.noiseUlps > 0) {
            uint64_t key = launch.noiseSeed ^ static_cast<uint64_t>(in.line) << 32;
            if constexpr (sizeof(T) == 4) key ^= bitsAs<uint32_t>(x);
            else key ^= bitsAs<uint64_t>(x);
            result = perturbed(result, mixed(key), launch.noiseUlps);
        }
        if constexpr (sizeof(T) == 8) {
            if (in.immediate & UPPER_HALF) result = bitsAs<double>(bitsAs<uint64_t>(result) & 0xFFFFFFFF00000000u);
        }
        d[i] = in.immediate & FLUSH ? flushed(result) : result;
    }
}

template <class Op>
void ofFloat(Emitter& e) {
    if (!e.take("approx")) e.unsupported();
    e.in.immediate = e.take("ftz") ? FLUSH : 0;
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.finish(type == Type::F32 ? approximate<Op, float> : nullptr, 2);
}

/// Also of doubles: the .ftz forms keep only the upper half of the result.
template <class Op>
void ofAny(Emitter& e) {
    if (!e.take("approx")) e.unsupported();
    bool isFlushed = e.take("ftz");
    Type type = e.takeType();
    e.in.immediate = isFlushed ? FLUSH | UPPER_HALF : 0;
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.finish(forFloat(type, [](auto zero) -> Handler { return approximate<Op, decltype(zero)>; }), 2);
}

bool isApproximate(const Emitter& e) { return e.statement.opcode.find(".approx") != std::string::npos; }

}  // namespace

void addApproximations(Families& families) {
    families["ex2"] = ofFloat<Exp2>;
    families["lg2"] = ofFloat<Log2>;
    families["sin"] = ofFloat<Sine>;
    families["cos"] = ofFloat<Cosine>;
    families["tanh"] = ofFloat<Tanh>;
    families["rsqrt"] = ofAny<InverseRoot>;
    families["rcp"] = [](Emitter& e) { isApproximate(e) ? ofAny<Inverse>(e) : decodeExactReciprocal(e); };
    families["sqrt"] = [](Emitter& e) { isApproximate(e) ? ofFloat<Root>(e) : decodeExactSqrt(e); };
}

}  // namespace sim
