// atom and red.
#include <type_traits>

#include "engine/lanes.h"
#include "engine/memory_access.h"

namespace sim {

namespace {

struct AddTo { template <class T> T operator()(T old, T a, T) const { return static_cast<T>(old + a); } };
struct MinOf { template <class T> T operator()(T old, T a, T) const { return a < old ? a : old; } };
struct MaxOf { template <class T> T operator()(T old, T a, T) const { return a > old ? a : old; } };
struct AndOf { template <class T> T operator()(T old, T a, T) const { return static_cast<T>(old & a); } };
struct OrOf { template <class T> T operator()(T old, T a, T) const { return static_cast<T>(old | a); } };
struct XorOf { template <class T> T operator()(T old, T a, T) const { return static_cast<T>(old ^ a); } };
struct Exchange { template <class T> T operator()(T, T a, T) const { return a; } };
struct CompareAndSwap { template <class T> T operator()(T old, T a, T b) const { return old == a ? b : old; } };
struct Increment { template <class T> T operator()(T old, T a, T) const { return old >= a ? T(0) : static_cast<T>(old + 1); } };
struct Decrement { template <class T> T operator()(T old, T a, T) const { return old == 0 || old > a ? a : static_cast<T>(old - 1); } };

/// Lane after lane, in ascending order. d gets the old value, unless it is no register.
template <Space space, class Op, class T>
void atomic(Warp& warp, const Instruction& in) {
    uint64_t base[WARP_SIZE];
    T a[WARP_SIZE], b[WARP_SIZE];
    memcpy(base, warp.lanes<uint64_t>(in.a), sizeof base);
    memcpy(a, warp.lanes<T>(in.b), sizeof a);
    memcpy(b, warp.lanes<T>(in.c), sizeof b);
    for (int i = 0; i < WARP_SIZE; i++) {
        if (!(warp.exec >> i & 1)) continue;
        auto* at = static_cast<T*>(warp.locate(space, i, base[i] + static_cast<uint64_t>(in.immediate), sizeof(T), Access::Atomic, in, nullptr));
        T old = *at;
        *at = Op()(old, a[i], b[i]);
        if (in.d != NO_REGISTER) warp.lanes<T>(in.d)[i] = old;
    }
}

template <class Op, class T>
Handler forSpace(Space space) {
    switch (space) {
        case Space::Global: return atomic<Space::Global, Op, T>;
        case Space::Shared: return atomic<Space::Shared, Op, T>;
        case Space::Generic: return atomic<Space::Generic, Op, T>;
        default: return nullptr;
    }
}

template <class Op>
Handler forWord(Type type, Space space) {
    auto select = [space](auto zero) -> Handler { return forSpace<Op, decltype(zero)>(space); };
    if (sizeOf(type) < 4 || isFloat(type)) return nullptr;
    return isSigned(type) ? forInteger(type, select) : forBits(type, select);
}

Handler takeOperation(Emitter& e, Type type, Space space) {
    if (e.take("add")) {
        if (isFloat(type)) return forFloat(type, [space](auto zero) -> Handler { return forSpace<AddTo, decltype(zero)>(space); });
        return forWord<AddTo>(type, space);
    }
    if (e.take("min")) return forWord<MinOf>(type, space);
    if (e.take("max")) return forWord<MaxOf>(type, space);
    if (e.take("and")) return forWord<AndOf>(type, space);
    if (e.take("or")) return forWord<OrOf>(type, space);
    if (e.take("xor")) return forWord<XorOf>(type, space);
    if (e.take("exch")) return forWord<Exchange>(type, space);
    if (e.take("cas")) return forWord<CompareAndSwap>(type, space);
    if (e.take("inc")) return forWord<Increment>(type, space);
    if (e.take("dec")) return forWord<Decrement>(type, space);
    return nullptr;
}

template <bool hasResult>
void atomicOrReduction(Emitter& e) {
    Space space = takeSpace(e);
    takeOrdering(e);
    e.take("noftz");
    Type type = e.takeType();
    size_t at = hasResult ? 1 : 0;
    bool isSwap = e.statement.opcode.find(".cas") != std::string::npos;
    if (hasResult) e.in.d = e.destination(0, type);
    e.address(at, space);
    e.in.b = e.source(at + 1, type);
    e.in.c = isSwap ? e.source(at + 2, type) : e.in.b;
    e.finish(takeOperation(e, type, space), at + (isSwap ? 3 : 2));
}

}  // namespace

void addAtomics(Families& families) {
    families["atom"] = atomicOrReduction<true>;
    families["red"] = atomicOrReduction<false>;
}

}  // namespace sim
