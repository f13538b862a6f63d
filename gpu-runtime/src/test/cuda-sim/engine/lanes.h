// Loops over the lanes of a warp. A full warp is a plain loop, which the compiler vectorises; with some lanes off,
// all are computed and the others keep what they had.
#pragma once

#include "engine/emitter.h"
#include "engine/warp.h"

namespace sim {

template <class D, class F>
inline void eachLane(Warp& warp, uint32_t destination, F f) {
    D* d = warp.lanes<D>(destination);
    uint32_t exec = warp.exec;
    if (exec == FULL_MASK) {
#pragma GCC ivdep
        for (int i = 0; i < WARP_SIZE; i++) d[i] = f(i);
    } else {
#pragma GCC ivdep
        for (int i = 0; i < WARP_SIZE; i++) {
            D value = f(i);
            d[i] = exec >> i & 1 ? value : d[i];
        }
    }
}

template <class Op, class D, class A>
void unary(Warp& warp, const Instruction& in) {
    const A* a = warp.lanes<A>(in.a);
    eachLane<D>(warp, in.d, [=](int i) { return static_cast<D>(Op()(a[i])); });
}

template <class Op, class D, class A, class B>
void binary(Warp& warp, const Instruction& in) {
    const A* a = warp.lanes<A>(in.a);
    const B* b = warp.lanes<B>(in.b);
    eachLane<D>(warp, in.d, [=](int i) { return static_cast<D>(Op()(a[i], b[i])); });
}

template <class Op, class D, class A, class B, class C>
void ternary(Warp& warp, const Instruction& in) {
    const A* a = warp.lanes<A>(in.a);
    const B* b = warp.lanes<B>(in.b);
    const C* c = warp.lanes<C>(in.c);
    eachLane<D>(warp, in.d, [=](int i) { return static_cast<D>(Op()(a[i], b[i], c[i])); });
}

/// f is a generic lambda that gets a zero of the C++ type and returns a Handler; null for other types.
template <class F>
Handler forInteger(Type type, F f) {
    switch (type) {
        case Type::U16: return f(uint16_t{});
        case Type::S16: return f(int16_t{});
        case Type::U32: return f(uint32_t{});
        case Type::S32: return f(int32_t{});
        case Type::U64: return f(uint64_t{});
        case Type::S64: return f(int64_t{});
        default: return nullptr;
    }
}

template <class F>
Handler forBits(Type type, F f) {
    switch (sizeOf(type)) {
        case 2: return f(uint16_t{});
        case 4: return f(uint32_t{});
        case 8: return f(uint64_t{});
        default: return nullptr;
    }
}

template <class F>
Handler forFloat(Type type, F f) {
    switch (type) {
        case Type::F32: return f(float{});
        case Type::F64: return f(double{});
        default: return nullptr;
    }
}

/// A subnormal becomes a zero of its sign.
template <class T>
inline T flushed(T value) {
    constexpr T smallest = sizeof(T) == 4 ? T(1.17549435e-38) : T(2.2250738585072014e-308);
    return value > -smallest && value < smallest ? (value < 0 ? T(-0.0) : value > 0 ? T(0) : value) : value;
}

template <class To, class From>
inline To bitsAs(From value) {
    static_assert(sizeof(To) == sizeof(From), "same size");
    To result;
    memcpy(&result, &value, sizeof result);
    return result;
}

}  // namespace sim
