// bra, brx, ret, exit, trap and barriers of the block.
#include "core/codes.h"
#include "engine/emitter.h"
#include "engine/handlers.h"
#include "engine/warp.h"

namespace sim {

void exitThread(Warp& warp, const Instruction&) { warp.exitLanes(); }

void jump(Warp& warp, const Instruction& in) { warp.branch(in.target, warp.exec); }

namespace {

void jumpByTable(Warp& warp, const Instruction& in) { warp.branchEach(*in.table, warp.lanes<uint32_t>(in.a)); }

void trap(Warp& warp, const Instruction& in) { warp.fault(ILLEGAL_INSTRUCTION, "trap", __builtin_ctz(warp.exec), in); }

void nothing(Warp&, const Instruction&) {}

/// b and c are registers of the barrier's number and thread count; vector[0] the predicate, d the result.
template <Warp::Barrier::Reduction reduction>
void barrier(Warp& warp, const Instruction& in) {
    if (!warp.converge(warp.liveLanes(), in)) return;
    int lane = __builtin_ctz(warp.exec);
    Warp::Barrier at;
    at.id = warp.lanes<uint32_t>(in.b)[lane];
    if (at.id >= 16) warp.fault(ILLEGAL_INSTRUCTION, "barrier number above 15", lane, in);
    at.threads = in.c == NO_REGISTER ? 0 : warp.lanes<uint32_t>(in.c)[lane];
    at.reduction = reduction;
    if (reduction != Warp::Barrier::Reduction::None) {
        at.votes = (warp.predicate(in.vector[0]) ^ static_cast<uint32_t>(in.immediate)) & warp.exec;
        at.destination = in.d;
    }
    warp.stopAtBarrier(at);
}

void bra(Emitter& e) {
    e.take("uni");
    if (e.operand(0).kind != Operand::Kind::Name) e.unsupported();
    e.layout.jumpsTo(e.operand(0).name);
    e.finish(jump, 1);
}

void brx(Emitter& e) {
    e.take("uni");
    if (!e.take("idx")) e.unsupported();
    e.in.a = e.source(0, Type::U32);
    e.in.table = e.layout.branchTable(e.operand(1).name, e.statement.line);
    e.finish(jumpByTable, 2);
}

void ret(Emitter& e) {
    e.take("uni");
    if (e.layout.isInEntry()) return e.finish(exitThread, 0);
    e.layout.jumpsToReturn();
    e.finish(jump, 0);
}

void bar(Emitter& e) {
    if (e.take("warp")) return decodeWarpBarrier(e);
    e.take("cta");
    e.take("aligned");
    if (e.take("sync")) {
        e.in.b = e.source(0, Type::U32);
        if (e.operandCount() > 1) e.in.c = e.source(1, Type::U32);
        return e.finish(barrier<Warp::Barrier::Reduction::None>, e.operandCount() > 1 ? 2 : 1);
    }
    if (!e.take("red")) e.unsupported();
    using Reduction = Warp::Barrier::Reduction;
    Handler handler = e.take("popc") ? barrier<Reduction::Count> : e.take("and") ? barrier<Reduction::And> : e.take("or") ? barrier<Reduction::Or> : nullptr;
    e.in.d = e.destination(0, e.takeType());
    e.in.b = e.source(1, Type::U32);
    if (e.operandCount() > 3) e.in.c = e.source(2, Type::U32);
    e.in.vector[0] = e.source(e.operandCount() - 1, Type::Pred);
    e.finish(handler, e.operandCount() > 3 ? 4 : 3);
}

}  // namespace

void addControl(Families& families) {
    families["bra"] = bra;
    families["brx"] = brx;
    families["ret"] = ret;
    families["exit"] = [](Emitter& e) { e.finish(exitThread, 0); };
    families["trap"] = [](Emitter& e) { e.finish(trap, 0); };
    families["brkpt"] = [](Emitter& e) { e.finish(nothing, 0); };
    families["nanosleep"] = [](Emitter& e) {
        e.source(0, e.takeType());
        e.finish(nothing, 1);
    };
    families["barrier"] = bar;
    families["bar"] = bar;
}

}  // namespace sim
