// Bits and shifts.
#include <type_traits>

#include "engine/lanes.h"

namespace sim {

namespace {

struct And { template <class T> T operator()(T a, T b) const { return static_cast<T>(a & b); } };
struct Or { template <class T> T operator()(T a, T b) const { return static_cast<T>(a | b); } };
struct Xor { template <class T> T operator()(T a, T b) const { return static_cast<T>(a ^ b); } };
struct Not { template <class T> T operator()(T a) const { return static_cast<T>(~a); } };
struct IsZero { template <class T> T operator()(T a) const { return a == 0; } };

/// Shifts by more than the width give what an infinite shift would.
struct ShiftLeft {
    template <class T> T operator()(T a, uint32_t by) const { return by < 8 * sizeof(T) ? static_cast<T>(a << by) : T(0); }
};
struct ShiftRight {
    template <class T> T operator()(T a, uint32_t by) const {
        constexpr uint32_t width = 8 * sizeof(T);
        if constexpr (std::is_signed_v<T>) return static_cast<T>(a >> (by < width ? by : width - 1));
        else return by < width ? static_cast<T>(a >> by) : T(0);
    }
};

template <bool isLeft, bool wraps>
struct FunnelShift {
    uint32_t operator()(uint32_t low, uint32_t high, uint32_t by) const {
        by = wraps ? by & 31 : by < 32 ? by : 32;
        uint64_t both = uint64_t{high} << 32 | low;
        return static_cast<uint32_t>(isLeft ? both << by >> 32 : both >> by);
    }
};

struct LeadingZeros {
    uint32_t operator()(uint32_t a) const { return a == 0 ? 32 : static_cast<uint32_t>(__builtin_clz(a)); }
    uint32_t operator()(uint64_t a) const { return a == 0 ? 64 : static_cast<uint32_t>(__builtin_clzll(a)); }
};
struct PopCount {
    uint32_t operator()(uint32_t a) const { return static_cast<uint32_t>(__builtin_popcount(a)); }
    uint32_t operator()(uint64_t a) const { return static_cast<uint32_t>(__builtin_popcountll(a)); }
};
struct Reverse {
    uint32_t operator()(uint32_t a) const {
        a = (a >> 1 & 0x55555555u) | (a & 0x55555555u) << 1;
        a = (a >> 2 & 0x33333333u) | (a & 0x33333333u) << 2;
        a = (a >> 4 & 0x0F0F0F0Fu) | (a & 0x0F0F0F0Fu) << 4;
        return __builtin_bswap32(a);
    }
    uint64_t operator()(uint64_t a) const {
        return uint64_t{(*this)(static_cast<uint32_t>(a))} << 32 | (*this)(static_cast<uint32_t>(a >> 32));
    }
};

/// The place of the highest bit that differs from the sign, or -1.
template <bool asShift>
struct FindBit {
    template <class T> uint32_t operator()(T a) const {
        using U = std::make_unsigned_t<T>;
        auto bits = static_cast<U>(std::is_signed_v<T> && a < 0 ? ~a : a);
        if (bits == 0) return ~uint32_t{0};
        constexpr uint32_t top = 8 * sizeof(T) - 1;
        uint32_t place = top - LeadingZeros()(bits);
        return asShift ? top - place : place;
    }
};

struct Extract {
    template <class T> T operator()(T a, uint32_t position, uint32_t length) const {
        constexpr uint32_t top = 8 * sizeof(T) - 1;
        position &= 0xFF;
        length &= 0xFF;
        using U = std::make_unsigned_t<T>;
        T fill = 0;
        if (std::is_signed_v<T> && length > 0) {
            uint32_t sign = position + length - 1 < top ? position + length - 1 : top;
            fill = (static_cast<U>(a) >> sign & 1) != 0 ? static_cast<T>(-1) : T(0);
        }
        T result = position > top ? fill : static_cast<T>(a >> position);
        if (length > top) return result;
        U mask = static_cast<U>((U(1) << length) - 1);
        return static_cast<T>((static_cast<U>(result) & mask) | (static_cast<U>(fill) & static_cast<U>(~mask)));
    }
};

struct Permute {
    uint32_t operator()(uint32_t a, uint32_t b, uint32_t selector) const {
        uint64_t bytes = uint64_t{b} << 32 | a;
        uint32_t result = 0;
        for (int i = 0; i < 4; i++) {
            uint32_t choice = selector >> 4 * i;
            auto byte = static_cast<uint32_t>(bytes >> 8 * (choice & 7) & 0xFF);
            if (choice & 8) byte = byte & 0x80 ? 0xFF : 0;
            result |= byte << 8 * i;
        }
        return result;
    }
};

struct AbsoluteDifference {
    template <class T> T operator()(T a, T b, T c) const { return static_cast<T>(c + (a < b ? b - a : a - b)); }
};

/// bfi: vector[0] is a register of the length, c of the position.
template <class T>
void insertBits(Warp& warp, const Instruction& in) {
    const T* from = warp.lanes<T>(in.a);
    const T* into = warp.lanes<T>(in.b);
    const uint32_t* positions = warp.lanes<uint32_t>(in.c);
    const uint32_t* lengths = warp.lanes<uint32_t>(in.vector[0]);
    eachLane<T>(warp, in.d, [=](int i) {
        uint32_t position = positions[i] & 0xFF, length = lengths[i] & 0xFF;
        if (position >= 8 * sizeof(T) || length == 0) return into[i];
        T mask = length >= 8 * sizeof(T) ? static_cast<T>(~T(0)) : static_cast<T>((T(1) << length) - 1);
        mask = static_cast<T>(mask << position);
        return static_cast<T>((into[i] & ~mask) | (static_cast<T>(from[i] << position) & mask));
    });
}

/// lop3: the immediate is the truth table.
void logic3(Warp& warp, const Instruction& in) {
    const uint32_t* a = warp.lanes<uint32_t>(in.a);
    const uint32_t* b = warp.lanes<uint32_t>(in.b);
    const uint32_t* c = warp.lanes<uint32_t>(in.c);
    const auto table = static_cast<uint32_t>(in.immediate);
    eachLane<uint32_t>(warp, in.d, [=](int i) {
        uint32_t result = 0;
        for (uint32_t row = 0; row < 8; row++) {
            uint32_t chosen = (row & 4 ? a[i] : ~a[i]) & (row & 2 ? b[i] : ~b[i]) & (row & 1 ? c[i] : ~c[i]);
            result |= table >> row & 1 ? chosen : 0;
        }
        return result;
    });
}

template <class Op>
void predicateBinary(Warp& warp, const Instruction& in) {
    uint32_t& d = warp.predicate(in.d);
    d = (d & ~warp.exec) | (Op()(warp.predicate(in.a), warp.predicate(in.b)) & warp.exec);
}

void predicateNot(Warp& warp, const Instruction& in) {
    uint32_t& d = warp.predicate(in.d);
    d = (d & ~warp.exec) | (~warp.predicate(in.a) & warp.exec);
}

template <class Op>
void bitwise(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    if (type == Type::Pred) return e.finish(predicateBinary<Op>, 3);
    e.finish(forBits(type, [](auto zero) -> Handler { using T = decltype(zero); return binary<Op, T, T, T>; }), 3);
}

template <class Op>
void complement(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    if (type == Type::Pred) return e.finish(predicateNot, 2);
    e.finish(forBits(type, [](auto zero) -> Handler { using T = decltype(zero); return unary<Op, T, T>; }), 2);
}

void shiftLeft(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, Type::U32);
    e.finish(forBits(type, [](auto zero) -> Handler { using T = decltype(zero); return binary<ShiftLeft, T, T, uint32_t>; }), 3);
}

void shiftRight(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, Type::U32);
    auto select = [](auto zero) -> Handler { using T = decltype(zero); return binary<ShiftRight, T, T, uint32_t>; };
    e.finish(isSigned(type) ? forInteger(type, select) : forBits(type, select), 3);
}

void funnel(Emitter& e) {
    bool isLeft = e.take("l");
    if (!isLeft && !e.take("r")) e.unsupported();
    bool wraps = e.take("wrap");
    if (!wraps && !e.take("clamp")) e.unsupported();
    if (e.takeType() != Type::B32) e.unsupported();
    e.in.d = e.destination(0, Type::B32);
    e.in.a = e.source(1, Type::B32);
    e.in.b = e.source(2, Type::B32);
    e.in.c = e.source(3, Type::U32);
    using U = uint32_t;
    Handler left = wraps ? ternary<FunnelShift<true, true>, U, U, U, U> : ternary<FunnelShift<true, false>, U, U, U, U>;
    Handler right = wraps ? ternary<FunnelShift<false, true>, U, U, U, U> : ternary<FunnelShift<false, false>, U, U, U, U>;
    e.finish(isLeft ? left : right, 4);
}

template <class Op>
void countBits(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, Type::U32);
    e.in.a = e.source(1, type);
    e.finish(sizeOf(type) == 4 ? unary<Op, uint32_t, uint32_t> : sizeOf(type) == 8 ? unary<Op, uint32_t, uint64_t> : nullptr, 2);
}

void reverse(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.finish(sizeOf(type) == 4 ? unary<Reverse, uint32_t, uint32_t> : sizeOf(type) == 8 ? unary<Reverse, uint64_t, uint64_t> : nullptr, 2);
}

template <bool asShift>
Handler findBit(Type type) {
    using Op = FindBit<asShift>;
    switch (type) {
        case Type::U32: return unary<Op, uint32_t, uint32_t>;
        case Type::S32: return unary<Op, uint32_t, int32_t>;
        case Type::U64: return unary<Op, uint32_t, uint64_t>;
        case Type::S64: return unary<Op, uint32_t, int64_t>;
        default: return nullptr;
    }
}

void bfind(Emitter& e) {
    bool asShift = e.take("shiftamt");
    Type type = e.takeType();
    e.in.d = e.destination(0, Type::U32);
    e.in.a = e.source(1, type);
    e.finish(asShift ? findBit<true>(type) : findBit<false>(type), 2);
}

void bfe(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, Type::U32);
    e.in.c = e.source(3, Type::U32);
    if (sizeOf(type) < 4) e.unsupported();
    e.finish(forInteger(type, [](auto zero) -> Handler { using T = decltype(zero); return ternary<Extract, T, T, uint32_t, uint32_t>; }), 4);
}

void bfi(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    e.in.c = e.source(3, Type::U32);
    e.in.vector[0] = e.source(4, Type::U32);
    e.finish(sizeOf(type) == 4 ? insertBits<uint32_t> : sizeOf(type) == 8 ? insertBits<uint64_t> : nullptr, 5);
}

void prmt(Emitter& e) {
    if (e.takeType() != Type::B32) e.unsupported();
    e.in.d = e.destination(0, Type::B32);
    e.in.a = e.source(1, Type::B32);
    e.in.b = e.source(2, Type::B32);
    e.in.c = e.source(3, Type::B32);
    e.finish(ternary<Permute, uint32_t, uint32_t, uint32_t, uint32_t>, 4);
}

void sad(Emitter& e) {
    Type type = e.takeType();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, type);
    e.in.c = e.source(3, type);
    e.finish(forInteger(type, [](auto zero) -> Handler { using T = decltype(zero); return ternary<AbsoluteDifference, T, T, T, T>; }), 4);
}

void lop3(Emitter& e) {
    if (e.takeType() != Type::B32 || e.operand(4).kind != Operand::Kind::Integer) e.unsupported();
    e.in.d = e.destination(0, Type::B32);
    e.in.a = e.source(1, Type::B32);
    e.in.b = e.source(2, Type::B32);
    e.in.c = e.source(3, Type::B32);
    e.in.immediate = static_cast<int64_t>(e.operand(4).bits);
    e.finish(logic3, 5);
}

}  // namespace

void addIntegers(Families& families) {
    families["and"] = bitwise<And>;
    families["or"] = bitwise<Or>;
    families["xor"] = bitwise<Xor>;
    families["not"] = complement<Not>;
    families["cnot"] = [](Emitter& e) {
        if (e.statement.opcode == "cnot.pred") e.unsupported();
        complement<IsZero>(e);
    };
    families["shl"] = shiftLeft;
    families["shr"] = shiftRight;
    families["shf"] = funnel;
    families["clz"] = countBits<LeadingZeros>;
    families["popc"] = countBits<PopCount>;
    families["brev"] = reverse;
    families["bfind"] = bfind;
    families["bfe"] = bfe;
    families["bfi"] = bfi;
    families["prmt"] = prmt;
    families["sad"] = sad;
    families["lop3"] = lop3;
}

}  // namespace sim
