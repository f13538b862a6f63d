// add.cc addc sub.cc subc mad.cc madc: chains over the carry flag.
#include <type_traits>

#include "engine/lanes.h"

namespace sim {

namespace {

// In the instruction's immediate.
constexpr int64_t CARRY_IN = 1, CARRY_OUT = 2;

template <class T>
T addWithCarry(T a, T b, bool& carry) {
    T partial = static_cast<T>(a + b);
    T sum = static_cast<T>(partial + (carry ? 1 : 0));
    carry = partial < a || sum < partial;
    return sum;
}

/// The flag of a subtraction is its borrow.
template <class T>
T subtractWithBorrow(T a, T b, bool& borrow) {
    T partial = static_cast<T>(a - b);
    T difference = static_cast<T>(partial - (borrow ? 1 : 0));
    borrow = a < b || partial < (borrow ? T(1) : T(0));
    return difference;
}

enum class Kind { Add, Subtract, MadLow, MadHighUnsigned, MadHighSigned };

template <Kind kind, class T>
T computed(T a, T b, T c, bool& flag) {
    using U128 = unsigned __int128;
    switch (kind) {
        case Kind::Add: return addWithCarry(a, b, flag);
        case Kind::Subtract: return subtractWithBorrow(a, b, flag);
        case Kind::MadLow: return addWithCarry(static_cast<T>(a * b), c, flag);
        case Kind::MadHighUnsigned: return addWithCarry(static_cast<T>(static_cast<U128>(a) * b >> 8 * sizeof(T)), c, flag);
        case Kind::MadHighSigned: {
            using S = std::make_signed_t<T>;
            auto product = static_cast<__int128>(static_cast<S>(a)) * static_cast<S>(b);
            return addWithCarry(static_cast<T>(product >> 8 * sizeof(T)), c, flag);
        }
    }
    return 0;
}

template <Kind kind, class T>
void chained(Warp& warp, const Instruction& in) {
    const T* a = warp.lanes<T>(in.a);
    const T* b = warp.lanes<T>(in.b);
    const T* c = warp.lanes<T>(in.c);
    T* d = warp.lanes<T>(in.d);
    for (int i = 0; i < WARP_SIZE; i++) {
        if (!(warp.exec >> i & 1)) continue;
        uint32_t bit = 1u << i;
        bool flag = (in.immediate & CARRY_IN) && (warp.carry & bit);
        d[i] = computed<kind, T>(a[i], b[i], c[i], flag);
        if (in.immediate & CARRY_OUT) warp.carry = flag ? warp.carry | bit : warp.carry & ~bit;
    }
}

template <Kind kind>
void finishChain(Emitter& e, Type type, bool takesCarry, size_t sources) {
    e.in.immediate = (takesCarry ? CARRY_IN : 0) | (e.take("cc") ? CARRY_OUT : 0);
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    e.in.c = e.source(sources > 2 ? 3 : 2, type);
    if (isFloat(type)) e.unsupported();
    e.finish(sizeOf(type) == 4 ? chained<kind, uint32_t> : sizeOf(type) == 8 ? chained<kind, uint64_t> : nullptr, sources + 1);
}

void mad(Emitter& e, bool takesCarry) {
    Type type = e.takeType();
    if (e.take("lo")) return finishChain<Kind::MadLow>(e, type, takesCarry, 3);
    if (!e.take("hi")) e.unsupported();
    isSigned(type) ? finishChain<Kind::MadHighSigned>(e, type, takesCarry, 3) : finishChain<Kind::MadHighUnsigned>(e, type, takesCarry, 3);
}

bool setsCarry(const Emitter& e) { return e.statement.opcode.find(".cc") != std::string::npos; }

}  // namespace

void addCarries(Families& families) {
    static const Family plainAdd = families["add"], plainSub = families["sub"], plainMad = families["mad"];
    families["add"] = [](Emitter& e) { setsCarry(e) ? finishChain<Kind::Add>(e, e.takeType(), false, 2) : plainAdd(e); };
    families["sub"] = [](Emitter& e) { setsCarry(e) ? finishChain<Kind::Subtract>(e, e.takeType(), false, 2) : plainSub(e); };
    families["mad"] = [](Emitter& e) { setsCarry(e) ? mad(e, false) : plainMad(e); };
    families["addc"] = [](Emitter& e) { finishChain<Kind::Add>(e, e.takeType(), true, 2); };
    families["subc"] = [](Emitter& e) { finishChain<Kind::Subtract>(e, e.takeType(), true, 2); };
    families["madc"] = [](Emitter& e) { mad(e, true); };
}

}  // namespace sim
