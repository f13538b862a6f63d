// The shared memory of one thread block, with a shadow that finds races and uninitialised reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

/// Each cell of shared memory (four bytes, or one where the kernel accesses smaller units) remembers its last write
/// and its last reads: by whom, after how many barriers of the block, and after how many of the warp. Two accesses
/// of different threads to one cell, one of them a write, need a barrier between them. Writes of the same value
/// pass, as do atomics among each other.
class SharedMemory {
public:
    static constexpr uint8_t POISON = 0xCD;

    /// For a kernel; cellShift is 2 for cells of four bytes, 0 for cells of one.
    void shape(uint32_t bytes, int cellShift);

    void beginBlock();
    void barrier() { epoch++; }

    uint32_t size() const { return static_cast<uint32_t>(memory.size()); }
    uint8_t* bytes() { return memory.data(); }

    /// Returns null if the access is in order, else what is wrong with it.
    const char* checkRead(uint32_t address, uint32_t size, uint32_t thread, uint32_t warpEpoch);
    const char* checkWrite(uint32_t address, uint32_t size, uint32_t thread, uint32_t warpEpoch, const void* value);
    const char* checkAtomic(uint32_t address, uint32_t size, uint32_t thread, uint32_t warpEpoch);

    /// The other thread of the last race, as words.
    std::string other() const;

private:
    struct Cell {
        uint64_t write = 0, read = 0;
    };

    /// Who accesses, and after how many barriers of the block and of the warp.
    uint64_t tag(uint32_t thread, uint32_t warpEpoch, bool isAtomic) const;

    /// A tag for this thread and those of an earlier tag, if that is of the same epoch.
    uint64_t merged(uint64_t earlier, uint32_t thread, uint32_t warpEpoch, bool isAtomic) const;

    /// Remembers the culprit if so.
    bool conflicts(uint64_t earlier, uint64_t mine);

    std::vector<uint8_t> memory;
    std::vector<Cell> cells;
    int shift = 2;
    uint64_t epoch = 1, blockEpoch = 1;
    uint64_t culprit = 0;  ///< a tag
};

}  // namespace sim
