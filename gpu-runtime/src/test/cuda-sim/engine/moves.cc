// mov, cvta, isspacep.
#include "engine/lanes.h"
#include "engine/windows.h"

namespace sim {

namespace {

struct Same { template <class T> T operator()(T a) const { return a; } };

void movePredicate(Warp& warp, const Instruction& in) {
    uint32_t& d = warp.predicate(in.d);
    d = (d & ~warp.exec) | (warp.predicate(in.a) & warp.exec);
}

/// Registers in vector, from the least significant, become one in d.
template <class Whole, class Part>
void pack(Warp& warp, const Instruction& in) {
    constexpr int count = sizeof(Whole) / sizeof(Part);
    eachLane<Whole>(warp, in.d, [&](int i) {
        Whole whole = 0;
        for (int k = 0; k < count; k++) whole |= static_cast<Whole>(warp.lanes<Part>(in.vector[k])[i]) << 8 * sizeof(Part) * k;
        return whole;
    });
}

template <class Whole, class Part>
void unpack(Warp& warp, const Instruction& in) {
    constexpr int count = sizeof(Whole) / sizeof(Part);
    Whole whole[WARP_SIZE];
    memcpy(whole, warp.lanes<Whole>(in.a), sizeof whole);
    for (int k = 0; k < count; k++) {
        eachLane<Part>(warp, in.vector[k], [&](int i) { return static_cast<Part>(whole[i] >> 8 * sizeof(Part) * k); });
    }
}

template <template <class, class> class Mover>
Handler byParts(int whole, size_t count) {
    if (whole == 8 && count == 2) return Mover<uint64_t, uint32_t>::handler();
    if (whole == 8 && count == 4) return Mover<uint64_t, uint16_t>::handler();
    if (whole == 4 && count == 2) return Mover<uint32_t, uint16_t>::handler();
    return nullptr;
}
template <class W, class P> struct Packer { static Handler handler() { return pack<W, P>; } };
template <class W, class P> struct Unpacker { static Handler handler() { return unpack<W, P>; } };

Type partOf(Type type, size_t count) {
    int size = sizeOf(type) / static_cast<int>(count);
    return size == 4 ? Type::B32 : size == 2 ? Type::B16 : Type::B8;
}

void mov(Emitter& e) {
    Type type = e.takeType();
    const Operand &to = e.operand(0), &from = e.operand(1);
    if (to.kind == Operand::Kind::Vector) {
        size_t count = to.elements.size();
        if (count > 4) e.unsupported();
        e.in.a = e.source(from, type);
        for (size_t k = 0; k < count; k++) e.in.vector[k] = e.destination(to.elements[k], sizeOf(partOf(type, count)));
        return e.finish(byParts<Unpacker>(sizeOf(type), count), 2);
    }
    e.in.d = e.destination(0, type);
    if (from.kind == Operand::Kind::Vector) {
        size_t count = from.elements.size();
        if (count > 4) e.unsupported();
        for (size_t k = 0; k < count; k++) e.in.vector[k] = e.source(from.elements[k], partOf(type, count));
        return e.finish(byParts<Packer>(sizeOf(type), count), 2);
    }
    e.in.a = e.source(from, type);
    if (type == Type::Pred) return e.finish(movePredicate, 2);
    e.finish(forBits(type, [](auto zero) -> Handler { return unary<Same, decltype(zero), decltype(zero)>; }), 2);
}

/// d = a + immediate: between an address of a space and a generic one lies the window of the space.
void shiftAddress(Warp& warp, const Instruction& in) {
    const uint64_t* a = warp.lanes<uint64_t>(in.a);
    auto offset = static_cast<uint64_t>(in.immediate);
    eachLane<uint64_t>(warp, in.d, [=](int i) { return a[i] + offset; });
}

void cvta(Emitter& e) {
    bool isToSpace = e.take("to");
    uint64_t window = e.take("shared") || e.take("shared::cta") ? SHARED_WINDOW : e.take("local") ? LOCAL_WINDOW : e.take("param") ? PARAM_WINDOW : 0;
    if (window == 0) e.take("global") || e.take("const");
    if (sizeOf(e.takeType()) != 8) e.unsupported();
    e.in.d = e.destination(0, Type::U64);
    e.in.a = e.source(1, Type::U64);
    e.in.immediate = static_cast<int64_t>(isToSpace ? -window : window);
    e.finish(shiftAddress, 2);
}

/// The immediate is the window of the space, 0 of global memory.
void isInSpace(Warp& warp, const Instruction& in) {
    const uint64_t* a = warp.lanes<uint64_t>(in.a);
    auto window = static_cast<uint64_t>(in.immediate);
    uint32_t result = 0;
    for (int i = 0; i < WARP_SIZE; i++) {
        bool isInside = window == 0 ? a[i] >= WINDOWS_END : a[i] >= window && a[i] < window + WINDOW_SIZE;
        result |= static_cast<uint32_t>(isInside) << i;
    }
    uint32_t& d = warp.predicate(in.d);
    d = (d & ~warp.exec) | (result & warp.exec);
}

void isspacep(Emitter& e) {
    uint64_t window = e.take("shared") || e.take("shared::cta") ? SHARED_WINDOW : e.take("local") ? LOCAL_WINDOW : e.take("param") ? PARAM_WINDOW : 0;
    if (window == 0 && !e.take("global")) e.unsupported();
    e.in.d = e.destination(0, Type::Pred);
    e.in.a = e.source(1, Type::U64);
    e.in.immediate = static_cast<int64_t>(window);
    e.finish(isInSpace, 2);
}

}  // namespace

void widenAddress(Warp& warp, const Instruction& in) {
    const uint32_t* a = warp.lanes<uint32_t>(in.a);
    eachLane<uint64_t>(warp, in.d, [=](int i) { return uint64_t{a[i]}; });
}

void addMoves(Families& families) {
    families["mov"] = mov;
    families["cvta"] = cvta;
    families["isspacep"] = isspacep;
}

}  // namespace sim
