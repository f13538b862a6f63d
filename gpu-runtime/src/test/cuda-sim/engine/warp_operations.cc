// shfl, vote, match, redux, activemask, bar.warp: what lanes of a warp do together.
#include "core/codes.h"
#include "engine/lanes.h"

namespace sim {

namespace {

enum class Shuffle { Up, Down, Butterfly, Index };

/// b is the register of the lane operand, c of clamp and segment, vector[0] of the members, vector[1] the predicate
/// to set. A lane that reads from one that takes no part gets poison.
template <Shuffle mode>
void shuffle(Warp& warp, const Instruction& in) {
    uint32_t members = warp.lanes<uint32_t>(in.vector[0])[__builtin_ctz(warp.exec)];
    if (!warp.converge(members, in)) return;
    uint32_t value[WARP_SIZE], by[WARP_SIZE], control[WARP_SIZE];
    memcpy(value, warp.lanes<uint32_t>(in.a), sizeof value);
    memcpy(by, warp.lanes<uint32_t>(in.b), sizeof by);
    memcpy(control, warp.lanes<uint32_t>(in.c), sizeof control);
    uint32_t inRange = 0;
    for (int lane = 0; lane < WARP_SIZE; lane++) {
        if (!(warp.exec >> lane & 1)) continue;
        if (!(members >> lane & 1)) warp.fault(LAUNCH_FAILED, "a lane that is no member takes part", lane, in);
        int b = static_cast<int>(by[lane] & 0x1F), clamp = static_cast<int>(control[lane] & 0x1F), segment = static_cast<int>(control[lane] >> 8 & 0x1F);
        int highest = (lane & segment) | (clamp & ~segment), lowest = lane & segment;
        int from = mode == Shuffle::Up ? lane - b : mode == Shuffle::Down ? lane + b : mode == Shuffle::Butterfly ? lane ^ b : lowest | (b & ~segment);
        bool isInside = mode == Shuffle::Up ? from >= highest : from <= highest;
        if (!isInside) from = lane;
        inRange |= static_cast<uint32_t>(isInside) << lane;
        bool takesPart = from >= 0 && from < WARP_SIZE && (warp.exec >> from & 1);
        warp.lanes<uint32_t>(in.d)[lane] = takesPart ? value[from] : 0xCDCDCDCDu;
    }
    if (in.vector[1] != NO_REGISTER) {
        uint32_t& predicate = warp.predicate(in.vector[1]);
        predicate = (predicate & ~warp.exec) | inRange;
    }
}

enum class Vote { All, Any, Uniform, Ballot };

template <Vote kind>
void vote(Warp& warp, const Instruction& in) {
    uint32_t members = warp.lanes<uint32_t>(in.b)[__builtin_ctz(warp.exec)];
    if (!warp.converge(members, in)) return;
    uint32_t votes = warp.predicate(in.a) & warp.exec;
    if (kind == Vote::Ballot) return eachLane<uint32_t>(warp, in.d, [=](int) { return votes; });
    bool holds = kind == Vote::All ? votes == warp.exec : kind == Vote::Any ? votes != 0 : votes == 0 || votes == warp.exec;
    uint32_t& d = warp.predicate(in.d);
    d = holds ? d | warp.exec : d & ~warp.exec;
}

template <class T, bool all>
void match(Warp& warp, const Instruction& in) {
    uint32_t members = warp.lanes<uint32_t>(in.b)[__builtin_ctz(warp.exec)];
    if (!warp.converge(members, in)) return;
    T value[WARP_SIZE];
    memcpy(value, warp.lanes<T>(in.a), sizeof value);
    bool isUniform = true;
    for (int lane = 0; lane < WARP_SIZE; lane++) {
        if (!(warp.exec >> lane & 1)) continue;
        uint32_t same = 0;
        for (int other = 0; other < WARP_SIZE; other++) {
            if ((warp.exec >> other & 1) && value[other] == value[lane]) same |= 1u << other;
        }
        isUniform &= same == warp.exec;
        warp.lanes<uint32_t>(in.d)[lane] = all && same != warp.exec ? 0 : same;
    }
    if (in.vector[1] != NO_REGISTER) {
        uint32_t& predicate = warp.predicate(in.vector[1]);
        predicate = isUniform ? predicate | warp.exec : predicate & ~warp.exec;
    }
}

struct Sum { template <class T> T operator()(T a, T b) const { return a + b; } };
struct Least { template <class T> T operator()(T a, T b) const { return a < b ? a : b; } };
struct Greatest { template <class T> T operator()(T a, T b) const { return a > b ? a : b; } };
struct And { template <class T> T operator()(T a, T b) const { return a & b; } };
struct Or { template <class T> T operator()(T a, T b) const { return a | b; } };
struct Xor { template <class T> T operator()(T a, T b) const { return a ^ b; } };

template <class Op, class T>
void reduceLanes(Warp& warp, const Instruction& in) {
    uint32_t members = warp.lanes<uint32_t>(in.b)[__builtin_ctz(warp.exec)];
    if (!warp.converge(members, in)) return;
    const T* a = warp.lanes<T>(in.a);
    int first = __builtin_ctz(warp.exec);
    T result = a[first];
    for (int lane = first + 1; lane < WARP_SIZE; lane++) {
        if (warp.exec >> lane & 1) result = Op()(result, a[lane]);
    }
    eachLane<T>(warp, in.d, [=](int) { return result; });
}

void activeMask(Warp& warp, const Instruction& in) {
    uint32_t active = warp.exec;
    eachLane<uint32_t>(warp, in.d, [=](int) { return active; });
}

void syncLanes(Warp& warp, const Instruction& in) {
    if (warp.converge(warp.lanes<uint32_t>(in.a)[__builtin_ctz(warp.exec)], in)) warp.syncWarp();
}

/// The first destination; the second, a predicate, goes to vector[1].
uint32_t destinations(Emitter& e, Type type) {
    const Operand& to = e.operand(0);
    if (to.kind != Operand::Kind::Vector) return e.destination(to, sizeOf(type));
    e.in.vector[1] = e.destination(to.elements.at(1), 0);
    return e.destination(to.elements.at(0), sizeOf(type));
}

void shfl(Emitter& e) {
    if (!e.take("sync") || e.takeType() != Type::B32) e.unsupported();
    Handler handler = e.take("up") ? shuffle<Shuffle::Up> : e.take("down") ? shuffle<Shuffle::Down>
        : e.take("bfly") ? shuffle<Shuffle::Butterfly> : e.take("idx") ? shuffle<Shuffle::Index> : nullptr;
    e.in.d = destinations(e, Type::B32);
    e.in.a = e.source(1, Type::B32);
    e.in.b = e.source(2, Type::B32);
    e.in.c = e.source(3, Type::B32);
    e.in.vector[0] = e.source(4, Type::B32);
    e.finish(handler, 5);
}

void voteOf(Emitter& e) {
    if (!e.take("sync")) e.unsupported();
    Type type = e.takeType();
    bool isBallot = e.take("ballot");
    if (isBallot != (type == Type::B32)) e.unsupported();
    Handler handler = isBallot ? vote<Vote::Ballot> : e.take("all") ? vote<Vote::All> : e.take("any") ? vote<Vote::Any> : e.take("uni") ? vote<Vote::Uniform> : nullptr;
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, Type::Pred);
    e.in.b = e.source(2, Type::B32);
    e.finish(handler, 3);
}

void matchOf(Emitter& e) {
    if (!e.take("sync")) e.unsupported();
    bool all = e.take("all");
    if (!all && !e.take("any")) e.unsupported();
    Type type = e.takeType();
    e.in.d = destinations(e, Type::B32);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, Type::B32);
    Handler narrow = all ? match<uint32_t, true> : match<uint32_t, false>;
    e.finish(type == Type::B32 ? narrow : type == Type::B64 ? (all ? match<uint64_t, true> : match<uint64_t, false>) : nullptr, 3);
}

Handler takeReduction(Emitter& e, Type type) {
    bool isSignedType = type == Type::S32;
    if (e.take("add")) return reduceLanes<Sum, uint32_t>;
    if (e.take("min")) return isSignedType ? reduceLanes<Least, int32_t> : reduceLanes<Least, uint32_t>;
    if (e.take("max")) return isSignedType ? reduceLanes<Greatest, int32_t> : reduceLanes<Greatest, uint32_t>;
    if (e.take("and")) return reduceLanes<And, uint32_t>;
    if (e.take("or")) return reduceLanes<Or, uint32_t>;
    return e.take("xor") ? reduceLanes<Xor, uint32_t> : nullptr;
}

void redux(Emitter& e) {
    if (!e.take("sync")) e.unsupported();
    Type type = e.takeType();
    if (sizeOf(type) != 4 || isFloat(type)) e.unsupported();
    e.in.d = e.destination(0, type);
    e.in.a = e.source(1, type);
    e.in.b = e.source(2, Type::B32);
    e.finish(takeReduction(e, type), 3);
}

}  // namespace

void decodeWarpBarrier(Emitter& e) {
    if (!e.take("sync")) e.unsupported();
    e.in.a = e.source(0, Type::B32);
    e.finish(syncLanes, 1);
}

void addWarpOperations(Families& families) {
    families["shfl"] = shfl;
    families["vote"] = voteOf;
    families["match"] = matchOf;
    families["redux"] = redux;
    families["activemask"] = [](Emitter& e) {
        if (e.takeType() != Type::B32) e.unsupported();
        e.in.d = e.destination(0, Type::B32);
        e.finish(activeMask, 1);
    };
}

}  // namespace sim
