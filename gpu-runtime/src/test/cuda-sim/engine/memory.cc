// ld, st, fences and prefetches.
#include <type_traits>

#include "engine/lanes.h"
#include "engine/memory_access.h"

namespace sim {

Space takeSpace(Emitter& e) {
    if (e.take("global")) return Space::Global;
    if (e.take("shared") || e.take("shared::cta")) return Space::Shared;
    if (e.take("local")) return Space::Local;
    if (e.take("const")) return Space::Const;
    if (e.take("param") || e.take("param::entry") || e.take("param::func")) return Space::Param;
    return Space::Generic;
}

void takeOrdering(Emitter& e) {
    for (const char* word : {"volatile", "weak", "relaxed", "acquire", "release", "acq_rel", "cta", "gpu", "sys", "nc", "ca", "cg", "cs", "lu", "cv", "wb", "wt",
                             "L1::evict_normal", "L1::evict_unchanged", "L1::evict_first", "L1::evict_last", "L1::no_allocate", "L2::64B", "L2::128B", "L2::256B"}) {
        e.take(word);
    }
}

namespace {

/// All lanes at once where the space has no checks per lane and one allocation holds all that is accessed.
template <class M, class R, int count>
void loadGlobal(Warp& warp, const Instruction& in) {
    const uint64_t* base = warp.lanes<uint64_t>(in.a);
    auto offset = static_cast<uint64_t>(in.immediate);
    warp.checkGlobal(base, in, sizeof(M) * count, Access::Read);
    uint64_t address[WARP_SIZE];
    for (int i = 0; i < WARP_SIZE; i++) address[i] = base[i] + offset;
    for (int k = 0; k < count; k++) {
        R* d = warp.lanes<R>(in.vector[k]);
        for (int i = 0; i < WARP_SIZE; i++) {
            if (warp.exec >> i & 1) d[i] = static_cast<R>(reinterpret_cast<const M*>(address[i])[k]);
        }
    }
}

template <class M, class R, int count>
void storeGlobal(Warp& warp, const Instruction& in) {
    const uint64_t* base = warp.lanes<uint64_t>(in.a);
    auto offset = static_cast<uint64_t>(in.immediate);
    warp.checkGlobal(base, in, sizeof(M) * count, Access::Write);
    for (int i = 0; i < WARP_SIZE; i++) {
        if (!(warp.exec >> i & 1)) continue;
        M* to = reinterpret_cast<M*>(base[i] + offset);
        for (int k = 0; k < count; k++) to[k] = static_cast<M>(warp.lanes<R>(in.vector[k])[i]);
    }
}

template <Space space, class M, class R, int count>
void loadEach(Warp& warp, const Instruction& in) {
    uint64_t base[WARP_SIZE];
    memcpy(base, warp.lanes<uint64_t>(in.a), sizeof base);
    auto offset = static_cast<uint64_t>(in.immediate);
    for (int i = 0; i < WARP_SIZE; i++) {
        if (!(warp.exec >> i & 1)) continue;
        const M* from = static_cast<const M*>(warp.locate(space, i, base[i] + offset, sizeof(M) * count, Access::Read, in, nullptr));
        for (int k = 0; k < count; k++) warp.lanes<R>(in.vector[k])[i] = static_cast<R>(from[k]);
    }
}

template <Space space, class M, class R, int count>
void storeEach(Warp& warp, const Instruction& in) {
    const uint64_t* base = warp.lanes<uint64_t>(in.a);
    auto offset = static_cast<uint64_t>(in.immediate);
    for (int i = 0; i < WARP_SIZE; i++) {
        if (!(warp.exec >> i & 1)) continue;
        M value[count];
        for (int k = 0; k < count; k++) value[k] = static_cast<M>(warp.lanes<R>(in.vector[k])[i]);
        memcpy(warp.locate(space, i, base[i] + offset, sizeof value, Access::Write, in, value), value, sizeof value);
    }
}

/// A parameter at a fixed place is the same for all lanes.
template <class M, class R, int count>
void loadParameter(Warp& warp, const Instruction& in) { loadEach<Space::Param, M, R, count>(warp, in); }

template <bool isLoad, class M, class R, int count>
Handler forSpace(Space space) {
    switch (space) {
        case Space::Global:
        case Space::Const: return isLoad ? loadGlobal<M, R, count> : space == Space::Global ? storeGlobal<M, R, count> : nullptr;
        case Space::Shared: return isLoad ? loadEach<Space::Shared, M, R, count> : storeEach<Space::Shared, M, R, count>;
        case Space::Local: return isLoad ? loadEach<Space::Local, M, R, count> : storeEach<Space::Local, M, R, count>;
        case Space::Param: return isLoad ? loadParameter<M, R, count> : nullptr;
        case Space::Generic: return isLoad ? loadEach<Space::Generic, M, R, count> : storeEach<Space::Generic, M, R, count>;
    }
    return nullptr;
}

template <bool isLoad, class M, class R>
Handler forCount(Space space, size_t count) {
    switch (count) {
        case 1: return forSpace<isLoad, M, R, 1>(space);
        case 2: return forSpace<isLoad, M, R, 2>(space);
        case 4: return forSpace<isLoad, M, R, 4>(space);
        default: return nullptr;
    }
}

/// By the type in memory and the size of the register, which may be larger: loads extend by the sign of the type.
template <bool isLoad, class M>
Handler forRegister(Space space, size_t count, int size) {
    constexpr bool isSignedType = std::is_signed_v<M>;
    switch (size) {
        case 2: if constexpr (sizeof(M) <= 2) return forCount<isLoad, M, std::conditional_t<isSignedType, int16_t, uint16_t>>(space, count); else return nullptr;
        case 4: if constexpr (sizeof(M) <= 4) return forCount<isLoad, M, std::conditional_t<isSignedType, int32_t, uint32_t>>(space, count); else return nullptr;
        case 8: return forCount<isLoad, M, std::conditional_t<isSignedType, int64_t, uint64_t>>(space, count);
        default: return nullptr;
    }
}

template <bool isLoad>
Handler accessHandler(Type type, Space space, size_t count, int size) {
    // A store cuts off; the sign makes no difference.
    switch (sizeOf(type)) {
        case 1: return isLoad && isSigned(type) ? forRegister<isLoad, int8_t>(space, count, size) : forRegister<isLoad, uint8_t>(space, count, size);
        case 2: return isLoad && isSigned(type) ? forRegister<isLoad, int16_t>(space, count, size) : forRegister<isLoad, uint16_t>(space, count, size);
        case 4: return isLoad && isSigned(type) ? forRegister<isLoad, int32_t>(space, count, size) : forRegister<isLoad, uint32_t>(space, count, size);
        case 8: return forRegister<isLoad, uint64_t>(space, count, size);
        default: return nullptr;
    }
}

template <bool isLoad>
void access(Emitter& e) {
    Space space = takeSpace(e);
    takeOrdering(e);
    size_t count = e.take("v2") ? 2 : e.take("v4") ? 4 : 1;
    Type type = e.takeType();
    size_t valueAt = isLoad ? 0 : 1;
    e.address(isLoad ? 1 : 0, space);
    if (sizeOf(type) < 4 && (space == Space::Shared || space == Space::Generic)) e.layout.sharesBytes();

    const Operand& value = e.operand(valueAt);
    bool isVector = value.kind == Operand::Kind::Vector;
    if (isVector != (count > 1) || (isVector && value.elements.size() != count)) e.unsupported();
    int size = 0;
    for (size_t k = 0; k < count; k++) {
        const Operand& element = isVector ? value.elements[k] : value;
        int own = element.kind == Operand::Kind::Register ? e.registerSize(element) : std::max(sizeOf(type), 2);
        if (size != 0 && own != size) e.unsupported("registers of different sizes");
        size = own;
        if (isLoad) e.in.vector[k] = e.destination(element, size);
        else if (element.kind == Operand::Kind::Register) e.in.vector[k] = e.layout.registerAt(element.index);
        else e.in.vector[k] = e.source(element, sizeOf(type) < 2 ? Type::B16 : type);
    }
    e.finish(accessHandler<isLoad>(type, space, count, size), 2);
}

void nothing(Warp&, const Instruction&) {}

void fence(Emitter& e) {
    takeOrdering(e);
    for (const char* word : {"sc", "gl", "proxy", "alias"}) e.take(word);
    e.finish(nothing, 0);
}

void prefetch(Emitter& e) {
    Space space = takeSpace(e);
    for (const char* word : {"L1", "L2"}) e.take(word);
    e.address(0, space);
    e.finish(nothing, 1);
}

}  // namespace

void addMemory(Families& families) {
    families["ld"] = access<true>;
    families["ldu"] = access<true>;
    families["st"] = access<false>;
    families["membar"] = fence;
    families["fence"] = fence;
    families["prefetch"] = prefetch;
}

}  // namespace sim
