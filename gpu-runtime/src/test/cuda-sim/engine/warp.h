// The state of 32 threads that run in lockstep, and what instruction handlers may do with it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/program.h"

namespace sim {

class Block;

constexpr uint32_t FULL_MASK = ~uint32_t{0};

enum class Access { Read, Write, Atomic };

/// Lanes that diverge become groups with a pc each; the group with the smallest pc runs, and groups that meet at a
/// pc are one again. That gives reconvergence where structured code joins, without a stack.
class Warp {
public:
    enum class State : uint8_t { Running, AtBarrier, Done };

    /// A barrier that the warp waits at.
    struct Barrier {
        enum class Reduction : uint8_t { None, Count, And, Or };
        uint32_t id = 0;
        uint32_t threads = 0;  ///< that it waits for; 0: all of the block
        Reduction reduction = Reduction::None;
        uint32_t votes = 0;                    ///< lanes whose predicate holds
        uint32_t destination = NO_REGISTER;    ///< of the reduction
    };

    void begin(Block& block, const Program& program, uint32_t index, uint32_t lanes);

    /// Until a barrier or the end. Throws DeviceFault.
    void run();

    template <class T>
    T* lanes(uint32_t reg) {
        return reinterpret_cast<T*>(registers + reg);
    }
    uint32_t& predicate(uint32_t reg) { return *reinterpret_cast<uint32_t*>(registers + reg); }

    /// Lanes that execute the current instruction: those of the group whose guard holds.
    uint32_t exec = 0;

    /// One bit per lane: the carry flag of add.cc and the like.
    uint32_t carry = 0;

    State state = State::Done;
    Barrier barrier;
    uint32_t liveLanes() const { return live; }
    uint32_t startedLanes() const { return started; }
    uint32_t index() const { return number; }
    uint64_t executedInstructions() const { return executed; }
    const Program& program() const { return *code; }
    Block& block() { return *owner; }

    // For handlers of control flow.
    void branch(uint32_t target, uint32_t takers);
    void branchEach(const std::vector<uint32_t>& targets, const uint32_t* choice);
    void exitLanes();
    void stopAtBarrier(const Barrier& where);
    void resume();

    /// Brings together the lanes in members (exited ones excepted). False: some have yet to come; the current group
    /// waits and the instruction runs again when they do.
    bool converge(uint32_t members, const Instruction& in);

    /// bar.warp.sync orders the accesses before it and after it within the warp.
    void syncWarp() { syncs++; }
    uint32_t warpEpoch() const { return syncs; }

    /// Verifies an access of size bytes by all executing lanes to global memory.
    void checkGlobal(const uint64_t* base, const Instruction& in, uint32_t size, Access access);

    /// Where the bytes of one lane's access are, after all checks of that space. value: what is written, or null.
    void* locate(Space space, int lane, uint64_t address, uint32_t size, Access access, const Instruction& in, const void* value);

    [[noreturn]] void fault(int code, const std::string& what, int lane, const Instruction& in) const;

    /// The register file: set up by the block.
    uint8_t* registers = nullptr;
    uint8_t* local = nullptr;

private:
    struct Group {
        uint32_t pc, mask;
        bool waits;  ///< at an instruction that needs lanes of other groups
    };

    void reschedule();
    void updateLimit();
    void* locateShared(int lane, uint64_t address, uint32_t size, Access access, const Instruction& in, const void* value);

    Block* owner = nullptr;
    const Program* code = nullptr;
    uint32_t number = 0;
    uint32_t pc = 0, mask = 0, live = 0, started = 0;
    uint32_t limit = 0;  ///< the smallest pc of a waiting group
    uint32_t syncs = 0;
    uint64_t executed = 0;
    bool hasExits = false;  ///< since groups were last set to wait
    std::vector<Group> groups;
};

}  // namespace sim
