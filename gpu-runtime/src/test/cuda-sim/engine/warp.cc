#include "engine/warp.h"

#include <algorithm>

#include "core/codes.h"
#include "core/errors.h"
#include "engine/block.h"
#include "engine/windows.h"

namespace sim {

void Warp::begin(Block& block, const Program& program, uint32_t index, uint32_t lanes) {
    owner = &block;
    code = &program;
    number = index;
    pc = 0;
    live = started = mask = lanes == WARP_SIZE ? FULL_MASK : (1u << lanes) - 1;
    carry = 0;
    syncs = 0;
    executed = 0;
    groups.clear();
    hasExits = false;
    limit = FULL_MASK;
    state = State::Running;
}

void Warp::run() {
    const Instruction* instructions = code->code.data();
    updateLimit();
    for (;;) {
        if (pc >= limit) {
            reschedule();
            if (state != State::Running) return;
        }
        const Instruction& in = instructions[pc++];
        exec = mask;
        if (in.guard != NO_REGISTER) {
            exec &= predicate(in.guard) ^ in.guardFlip;
            if (exec == 0) continue;
        }
        executed += static_cast<uint64_t>(__builtin_popcount(exec));
        in.run(*this, in);
    }
}

void Warp::updateLimit() {
    limit = FULL_MASK;
    for (const Group& group : groups) {
        if (!group.waits) limit = std::min(limit, group.pc);
    }
}

void Warp::reschedule() {
    if (state != State::Running) return;
    if (mask != 0) groups.push_back({pc, mask, false});
    mask = 0;
    if (groups.empty()) {
        state = State::Done;
        return;
    }
    updateLimit();
    if (limit == FULL_MASK && hasExits) {
        // Those that wait may have waited for lanes that are gone now.
        hasExits = false;
        for (Group& group : groups) group.waits = false;
        updateLimit();
    }
    if (limit == FULL_MASK) {
        const Group& stuck = groups.front();
        const Instruction& in = code->code[stuck.pc];
        std::string where = groups.size() > 1 ? format(", and others at line %d", code->code[groups[1].pc].line) : "";
        fault(LAUNCH_FAILED, format("%s waits for lanes that never come: lanes %08x are at line %d%s", in.opcode, stuck.mask, in.line, where.c_str()),
              __builtin_ctz(stuck.mask), in);
    }
    pc = limit;
    auto joins = [this](const Group& group) {
        if (group.waits || group.pc != pc) return false;
        mask |= group.mask;
        return true;
    };
    groups.erase(std::remove_if(groups.begin(), groups.end(), joins), groups.end());
    updateLimit();
}

void Warp::branch(uint32_t target, uint32_t takers) {
    if (executed > owner->instructionsLeft()) {
        fault(LAUNCH_TIMEOUT, "ran for more instructions than the budget allows", __builtin_ctz(exec), code->code[pc - 1]);
    }
    if (takers == mask) {
        pc = target;
        return;
    }
    groups.push_back({target, takers, false});
    mask &= ~takers;
    limit = std::min(limit, target);
}

void Warp::branchEach(const std::vector<uint32_t>& targets, const uint32_t* choice) {
    for (int lane = 0; lane < WARP_SIZE; lane++) {
        if (!(exec >> lane & 1)) continue;
        if (choice[lane] >= targets.size()) {
            fault(ILLEGAL_INSTRUCTION, format("brx.idx with index %u of %zu", choice[lane], targets.size()), lane, code->code[pc - 1]);
        }
        groups.push_back({targets[choice[lane]], 1u << lane, false});
        mask &= ~(1u << lane);
    }
    limit = 0;
}

void Warp::exitLanes() {
    live &= ~exec;
    mask &= ~exec;
    hasExits = true;
    if (mask == 0) limit = 0;
}

void Warp::stopAtBarrier(const Barrier& where) {
    barrier = where;
    state = State::AtBarrier;
    limit = 0;
}

void Warp::resume() {
    state = State::Running;
    syncs++;
}

bool Warp::converge(uint32_t members, const Instruction& in) {
    uint32_t here = pc - 1;
    auto joins = [this, here](const Group& group) {
        if (group.pc != here) return false;
        mask |= group.mask;
        return true;
    };
    groups.erase(std::remove_if(groups.begin(), groups.end(), joins), groups.end());
    exec = mask;
    if (in.guard != NO_REGISTER) exec &= predicate(in.guard) ^ in.guardFlip;
    if ((members & live & ~exec) == 0) return true;
    groups.push_back({here, mask, true});
    mask = 0;
    limit = 0;
    return false;
}

void Warp::checkGlobal(const uint64_t* base, const Instruction& in, uint32_t size, Access access) {
    auto offset = static_cast<uint64_t>(in.immediate);
    uint64_t low = ~uint64_t{0}, high = 0, bits = 0;
    if (exec == FULL_MASK) {
        for (int i = 0; i < WARP_SIZE; i++) {
            low = std::min(low, base[i]);
            high = std::max(high, base[i]);
            bits |= base[i] + offset;
        }
    } else {
        for (int i = 0; i < WARP_SIZE; i++) {
            if (!(exec >> i & 1)) continue;
            low = std::min(low, base[i]);
            high = std::max(high, base[i]);
            bits |= base[i] + offset;
        }
    }
    bool isAligned = (bits & (size - 1)) == 0;
    if (isAligned && low + offset >= owner->cachedBegin && high + offset + size <= owner->cachedEnd && low + offset <= high + offset) return;
    for (int lane = 0; lane < WARP_SIZE; lane++) {
        if (exec >> lane & 1) locate(Space::Global, lane, base[lane] + offset, size, access, in, nullptr);
    }
}

namespace {
const char* verb(Access access) {
    return access == Access::Read ? "read" : access == Access::Write ? "write" : "atomic";
}
}  // namespace

void* Warp::locate(Space space, int lane, uint64_t address, uint32_t size, Access access, const Instruction& in, const void* value) {
    auto hex = static_cast<unsigned long long>(address);
    if (space == Space::Generic) {
        bool isWindow = address >= SHARED_WINDOW && address < WINDOWS_END;
        space = !isWindow ? Space::Global : address < LOCAL_WINDOW ? Space::Shared : address < PARAM_WINDOW ? Space::Local : Space::Param;
        if (isWindow) address -= space == Space::Shared ? SHARED_WINDOW : space == Space::Local ? LOCAL_WINDOW : PARAM_WINDOW;
    }
    if ((address & (size - 1)) != 0) {
        fault(MISALIGNED_ADDRESS, format("misaligned %s of %u bytes at 0x%llx", verb(access), size, hex), lane, in);
    }
    switch (space) {
        case Space::Shared: return locateShared(lane, address, size, access, in, value);
        case Space::Local:
            if (address + size > code->localBytes || address + size < size) {
                fault(ILLEGAL_ADDRESS, format("%s of %u bytes at 0x%llx outside local memory of %u bytes", verb(access), size, hex, code->localBytes), lane, in);
            }
            return local + static_cast<size_t>(lane) * code->localBytes + address;
        case Space::Param: {
            const auto& parameters = owner->launch.parameters;
            if (access != Access::Read || address + size > parameters.size() || address + size < size) {
                fault(ILLEGAL_ADDRESS, format("%s of %u bytes at 0x%llx outside %zu bytes of parameters", verb(access), size, hex, parameters.size()), lane, in);
            }
            return const_cast<uint8_t*>(parameters.data()) + address;
        }
        default: break;
    }
    if (address < owner->cachedBegin || address + size > owner->cachedEnd || address + size < size) {
        const DeviceMemory::Allocation* allocation = owner->memory.find(address);
        if (allocation == nullptr || size > allocation->end - address) {
            fault(ILLEGAL_ADDRESS, format("%s of %u bytes at 0x%llx, %s,", verb(access), size, hex, owner->memory.describe(address).c_str()), lane, in);
        }
        owner->cachedBegin = allocation->begin;
        owner->cachedEnd = allocation->end;
    }
    return reinterpret_cast<void*>(address);
}

void* Warp::locateShared(int lane, uint64_t address, uint32_t size, Access access, const Instruction& in, const void* value) {
    SharedMemory& shared = owner->shared;
    auto at = static_cast<unsigned long long>(address);
    if (address + size > shared.size() || address + size < size) {
        fault(ILLEGAL_ADDRESS, format("%s of %u bytes at shared +%llu outside shared memory of %u bytes", verb(access), size, at, shared.size()), lane, in);
    }
    auto offset = static_cast<uint32_t>(address);
    uint32_t thread = number * WARP_SIZE + static_cast<uint32_t>(lane);
    const char* wrong = access == Access::Read    ? shared.checkRead(offset, size, thread, syncs)
                        : access == Access::Write ? shared.checkWrite(offset, size, thread, syncs, value)
                                                  : shared.checkAtomic(offset, size, thread, syncs);
    if (wrong != nullptr && std::strcmp(wrong, "uninitialised") == 0) {
        fault(LAUNCH_FAILED, format("%s of %u bytes of uninitialised shared memory at +%u", verb(access), size, offset), lane, in);
    }
    if (wrong != nullptr) {
        fault(LAUNCH_FAILED, format("%s of %u bytes of shared memory at +%u %s %s with no barrier between,", verb(access), size, offset, wrong, shared.other().c_str()),
              lane, in);
    }
    return shared.bytes() + offset;
}

void Warp::fault(int reason, const std::string& what, int lane, const Instruction& in) const {
    std::string where = owner->whereIs(number * WARP_SIZE + static_cast<uint32_t>(lane));
    throw DeviceFault(reason, format("%s in kernel %s, PTX line %d (%s), %s", what.c_str(), code->name.c_str(), in.line, in.opcode, where.c_str()));
}

}  // namespace sim
