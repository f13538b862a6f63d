// One thread block, and the grid of them that a launch runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/program.h"
#include "engine/warp.h"
#include "memory/device_memory.h"
#include "memory/shared_memory.h"

namespace sim {

struct Dim3 {
    uint32_t x = 1, y = 1, z = 1;

    uint64_t count() const { return uint64_t{x} * y * z; }
    Dim3 at(uint64_t index) const {
        return {static_cast<uint32_t>(index % x), static_cast<uint32_t>(index / x % y), static_cast<uint32_t>(index / x / y)};
    }
};

/// What one launch asks for, and how it is to be simulated.
struct Launch {
    std::shared_ptr<const Program> program;
    Dim3 grid, block;
    uint32_t dynamicSharedBytes = 0;
    std::vector<uint8_t> parameters;

    uint64_t seed = 0;               ///< of the order of blocks and warps; 0: ascending
    int noiseUlps = 0;               ///< added to approximate instructions, at most
    uint64_t noiseSeed = 0;
    bool strictBarriers = false;     ///< a barrier that exited threads never reach is an error
    uint64_t instructionBudget = 0;  ///< of threads, in all; more is a time-out
};

class Block {
public:
    Block(const Launch& launch, DeviceMemory& memory);

    /// Throws DeviceFault.
    void run(Dim3 index);

    uint64_t executedInstructions() const;
    std::string whereIs(uint32_t thread) const;

    const Launch& launch;
    DeviceMemory& memory;
    SharedMemory shared;

    /// The allocation of the last access: most accesses are to the same as the one before.
    uint64_t cachedBegin = 0, cachedEnd = 0;

    uint64_t instructionsLeft() const { return launch.instructionBudget; }

private:
    void prepareRegisters();
    void setSpecial(const Program::SpecialRegister& special, uint32_t warp);
    bool releaseBarriers();
    void release(uint32_t id, uint32_t arrived);

    std::vector<Warp> warps;
    std::unique_ptr<uint8_t[]> registerFile;
    std::vector<uint8_t> localMemory;
    Dim3 blockIndex;
};

/// Runs all blocks, one after the other. Returns the number of instructions, summed over threads.
uint64_t runGrid(const Launch& launch, DeviceMemory& memory);

}  // namespace sim
