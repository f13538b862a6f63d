// setp, set, selp, slct, testp.
#include <cmath>
#include <functional>

#include "engine/lanes.h"

namespace sim {

namespace {

enum class Compare : uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Number, Nan };

template <Compare compare, bool orUnordered, class T>
bool holds(T a, T b) {
    if constexpr (orUnordered) {
        if (a != a || b != b) return true;
    }
    switch (compare) {
        case Compare::Equal: return a == b;
        case Compare::NotEqual: return std::is_floating_point_v<T> && !orUnordered ? a < b || a > b : a != b;
        case Compare::Less: return a < b;
        case Compare::LessEqual: return a <= b;
        case Compare::Greater: return a > b;
        case Compare::GreaterEqual: return a >= b;
        case Compare::Number: return a == a && b == b;
        case Compare::Nan: return a != a || b != b;
    }
    return false;
}

// In the instruction's immediate.
constexpr int64_t AND = 1, OR = 2, XOR = 3, BOOLEAN = 3, FLUSH = 4;

uint32_t combined(Warp& warp, const Instruction& in, uint32_t result) {
    if ((in.immediate & BOOLEAN) == 0) return result;
    uint32_t other = warp.predicate(in.c);
    switch (in.immediate & BOOLEAN) {
        case AND: return result & other;
        case OR: return result | other;
        default: return result ^ other;
    }
}

void assign(Warp& warp, uint32_t reg, uint32_t value) {
    uint32_t& d = warp.predicate(reg);
    d = (d & ~warp.exec) | (value & warp.exec);
}

template <Compare compare, bool orUnordered, class T>
uint32_t compared(Warp& warp, const Instruction& in) {
    const T* a = warp.lanes<T>(in.a);
    const T* b = warp.lanes<T>(in.b);
    uint32_t result = 0;
    if constexpr (std::is_floating_point_v<T>) {
        if (in.immediate & FLUSH) {
            for (int i = 0; i < WARP_SIZE; i++) result |= static_cast<uint32_t>(holds<compare, orUnordered, T>(flushed(a[i]), flushed(b[i]))) << i;
            return result;
        }
    }
    for (int i = 0; i < WARP_SIZE; i++) result |= static_cast<uint32_t>(holds<compare, orUnordered, T>(a[i], b[i])) << i;
    return result;
}

/// d is the result, vector[0] the result of the opposite comparison, c the predicate to combine with.
template <Compare compare, bool orUnordered, class T>
void setPredicate(Warp& warp, const Instruction& in) {
    uint32_t result = compared<compare, orUnordered, T>(warp, in);
    uint32_t opposite = in.vector[0] == NO_REGISTER ? 0 : combined(warp, in, ~result);
    assign(warp, in.d, combined(warp, in, result));
    if (in.vector[0] != NO_REGISTER) assign(warp, in.vector[0], opposite);
}

/// Sets all bits, or the float 1 where vector[1] says so.
template <Compare compare, bool orUnordered, class T>
void setValue(Warp& warp, const Instruction& in) {
    uint32_t result = combined(warp, in, compared<compare, orUnordered, T>(warp, in));
    uint32_t truth = in.vector[1] == NO_REGISTER ? ~uint32_t{0} : bitsAs<uint32_t>(1.0f);
    eachLane<uint32_t>(warp, in.d, [=](int i) { return result >> i & 1 ? truth : 0; });
}

template <bool toValue, Compare compare, bool orUnordered>
Handler ofType(Type type) {
    auto select = [](auto zero) -> Handler {
        using T = decltype(zero);
        if constexpr (toValue) return setValue<compare, orUnordered, T>;
        else return setPredicate<compare, orUnordered, T>;
    };
    if (isFloat(type)) return forFloat(type, select);
    if constexpr (orUnordered) return nullptr;
    return isSigned(type) ? forInteger(type, select) : forBits(type, select);
}

template <bool toValue>
Handler takeComparison(Emitter& e, Type type) {
    struct Named {
        const char* word;
        Handler (*select)(Type);
    };
    static const Named all[] = {
        {"eq", ofType<toValue, Compare::Equal, false>},         {"ne", ofType<toValue, Compare::NotEqual, false>},
        {"lt", ofType<toValue, Compare::Less, false>},          {"le", ofType<toValue, Compare::LessEqual, false>},
        {"gt", ofType<toValue, Compare::Greater, false>},       {"ge", ofType<toValue, Compare::GreaterEqual, false>},
        {"lo", ofType<toValue, Compare::Less, false>},          {"ls", ofType<toValue, Compare::LessEqual, false>},
        {"hi", ofType<toValue, Compare::Greater, false>},       {"hs", ofType<toValue, Compare::GreaterEqual, false>},
        {"equ", ofType<toValue, Compare::Equal, true>},         {"neu", ofType<toValue, Compare::NotEqual, true>},
        {"ltu", ofType<toValue, Compare::Less, true>},          {"leu", ofType<toValue, Compare::LessEqual, true>},
        {"gtu", ofType<toValue, Compare::Greater, true>},       {"geu", ofType<toValue, Compare::GreaterEqual, true>},
        {"num", ofType<toValue, Compare::Number, false>},       {"nan", ofType<toValue, Compare::Nan, false>},
    };
    for (const Named& named : all) {
        if (e.take(named.word)) return named.select(type);
    }
    return nullptr;
}

size_t takeBoolean(Emitter& e) {
    e.in.immediate = e.take("and") ? AND : e.take("or") ? OR : e.take("xor") ? XOR : 0;
    if (e.take("ftz")) e.in.immediate |= FLUSH;
    if ((e.in.immediate & BOOLEAN) == 0) return 3;
    e.in.c = e.source(3, Type::Pred);
    return 4;
}

void setp(Emitter& e) {
    Type type = e.takeType();
    size_t operands = takeBoolean(e);
    const Operand& to = e.operand(0);
    if (to.kind == Operand::Kind::Vector) {
        e.in.d = e.destination(to.elements.at(0), 0);
        e.in.vector[0] = e.destination(to.elements.at(1), 0);
    } else {
        e.in.d = e.destination(0, Type::Pred);
    }
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    e.finish(takeComparison<false>(e, type), operands);
}

void set(Emitter& e) {
    Type to = e.takeType(), type = e.takeType();
    size_t operands = takeBoolean(e);
    if (sizeOf(to) != 4) e.unsupported();
    e.in.d = e.destination(0, to);
    if (isFloat(to)) e.in.vector[1] = e.in.d;
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    e.finish(takeComparison<true>(e, type), operands);
}

template <class T>
void select(Warp& warp, const Instruction& in) {
    const T* a = warp.lanes<T>(in.a);
    const T* b = warp.lanes<T>(in.b);
    uint32_t choice = warp.predicate(in.c);
    eachLane<T>(warp, in.d, [=](int i) { return choice >> i & 1 ? a[i] : b[i]; });
}

void selp(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    e.in.c = e.source(3, Type::Pred);
    e.finish(forBits(type, [](auto zero) -> Handler { return select<decltype(zero)>; }), 4);
}

template <class T, class C>
void selectBySign(Warp& warp, const Instruction& in) {
    const T* a = warp.lanes<T>(in.a);
    const T* b = warp.lanes<T>(in.b);
    const C* c = warp.lanes<C>(in.c);
    eachLane<T>(warp, in.d, [=](int i) { return c[i] >= 0 ? a[i] : b[i]; });
}

void slct(Emitter& e) {
    e.take("ftz");
    Type type = e.takeType(), by = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    e.in.c = e.source(3, by);
    e.finish(forBits(type, [by](auto zero) -> Handler {
        using T = decltype(zero);
        return by == Type::F32 ? selectBySign<T, float> : by == Type::S32 ? selectBySign<T, int32_t> : nullptr;
    }), 4);
}

template <class T, int kind>
void classify(Warp& warp, const Instruction& in) {
    const T* a = warp.lanes<T>(in.a);
    uint32_t result = 0;
    for (int i = 0; i < WARP_SIZE; i++) {
        T x = a[i];
        bool is = kind == 0 ? std::isfinite(x) : kind == 1 ? std::isinf(x) : kind == 2 ? !std::isnan(x) : kind == 3 ? std::isnan(x)
            : kind == 4 ? std::isnormal(x) || x == 0 : std::fpclassify(x) == FP_SUBNORMAL;
        result |= static_cast<uint32_t>(is) << i;
    }
    assign(warp, in.d, result);
}

template <class T>
Handler takeClass(Emitter& e) {
    return e.take("finite") ? classify<T, 0> : e.take("infinite") ? classify<T, 1> : e.take("number") ? classify<T, 2>
        : e.take("notanumber") ? classify<T, 3> : e.take("normal") ? classify<T, 4> : e.take("subnormal") ? classify<T, 5> : nullptr;
}

void testp(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, Type::Pred);
    e.in.a = e.source(1, type);
    e.finish(type == Type::F32 ? takeClass<float>(e) : type == Type::F64 ? takeClass<double>(e) : nullptr, 2);
}

}  // namespace

void addComparisons(Families& families) {
    families["setp"] = setp;
    families["set"] = set;
    families["selp"] = selp;
    families["slct"] = slct;
    families["testp"] = testp;
}

}  // namespace sim
