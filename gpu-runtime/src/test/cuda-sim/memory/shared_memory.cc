#include "memory/shared_memory.h"

#include <cstring>

#include "core/errors.h"

namespace sim {

namespace {

// A tag is the epoch of the block in 32 bits, that of the warp in 19, whether the access is atomic, and 12 bits for the
// thread: a number below 1024, several threads of one warp, or threads of several warps.
constexpr uint32_t WARP_EPOCHS = 0x7FFFF;
constexpr uint64_t ATOMIC = 0x1000;
constexpr uint32_t SEVERAL_IN_WARP = 0x800;
constexpr uint32_t SEVERAL_WARPS = 0xFFF;

uint32_t threadOf(uint64_t tag) { return tag & 0xFFF; }
uint64_t epochOf(uint64_t tag) { return tag >> 32; }
uint32_t warpEpochOf(uint64_t tag) { return static_cast<uint32_t>(tag >> 13) & WARP_EPOCHS; }

/// The warp that all threads of a tag belong to, or -1.
int warpOf(uint32_t thread) {
    if (thread < 1024) return static_cast<int>(thread / 32);
    if (thread >= SEVERAL_IN_WARP && thread < SEVERAL_IN_WARP + 32) return static_cast<int>(thread - SEVERAL_IN_WARP);
    return -1;
}

}  // namespace

uint64_t SharedMemory::tag(uint32_t thread, uint32_t warpEpoch, bool isAtomic) const {
    return epoch << 32 | uint64_t{warpEpoch & WARP_EPOCHS} << 13 | (isAtomic ? ATOMIC : 0) | thread;
}

uint64_t SharedMemory::merged(uint64_t earlier, uint32_t thread, uint32_t warpEpoch, bool isAtomic) const {
    if (epochOf(earlier) != epoch || threadOf(earlier) == thread) return tag(thread, warpEpoch, isAtomic);
    int warp = warpOf(threadOf(earlier));
    bool isOneWarp = warp >= 0 && warp == warpOf(thread);
    return tag(isOneWarp ? SEVERAL_IN_WARP + static_cast<uint32_t>(warp) : SEVERAL_WARPS, warpEpoch, isAtomic);
}

bool SharedMemory::conflicts(uint64_t earlier, uint64_t mine) {
    if (epochOf(earlier) != epoch || threadOf(earlier) == threadOf(mine)) return false;
    if ((earlier & ATOMIC) != 0 && (mine & ATOMIC) != 0) return false;
    int warp = warpOf(threadOf(earlier));
    bool isOrderedByWarp = warp >= 0 && warp == warpOf(threadOf(mine)) && warpEpochOf(earlier) != warpEpochOf(mine);
    if (!isOrderedByWarp) culprit = earlier;
    return !isOrderedByWarp;
}

void SharedMemory::shape(uint32_t bytes, int cellShift) {
    memory.assign(bytes, POISON);
    shift = cellShift;
    cells.assign((bytes >> cellShift) + 4, Cell{});
}

void SharedMemory::beginBlock() {
    if (!memory.empty()) memset(memory.data(), POISON, memory.size());
    blockEpoch = ++epoch;
}

const char* SharedMemory::checkRead(uint32_t address, uint32_t size, uint32_t thread, uint32_t warpEpoch) {
    const uint64_t mine = tag(thread, warpEpoch, false);
    for (uint32_t cell = address >> shift; cell <= (address + size - 1) >> shift; cell++) {
        Cell& shadow = cells[cell];
        if (epochOf(shadow.write) < blockEpoch) return "uninitialised";
        if (conflicts(shadow.write, mine)) return "races with a write by";
        shadow.read = merged(shadow.read, thread, warpEpoch, false);
    }
    return nullptr;
}

const char* SharedMemory::checkWrite(uint32_t address, uint32_t size, uint32_t thread, uint32_t warpEpoch, const void* value) {
    const uint64_t mine = tag(thread, warpEpoch, false);
    bool isSame = memcmp(memory.data() + address, value, size) == 0;
    for (uint32_t cell = address >> shift; cell <= (address + size - 1) >> shift; cell++) {
        Cell& shadow = cells[cell];
        bool repeats = isSame && epochOf(shadow.write) >= blockEpoch && (shadow.write & ATOMIC) == 0;
        if (!repeats && conflicts(shadow.write, mine)) return "races with a write by";
        if (conflicts(shadow.read, mine)) return "races with a read by";
        shadow.write = mine;
    }
    return nullptr;
}

const char* SharedMemory::checkAtomic(uint32_t address, uint32_t size, uint32_t thread, uint32_t warpEpoch) {
    const uint64_t mine = tag(thread, warpEpoch, true);
    for (uint32_t cell = address >> shift; cell <= (address + size - 1) >> shift; cell++) {
        Cell& shadow = cells[cell];
        if (epochOf(shadow.write) < blockEpoch) return "uninitialised";
        if (conflicts(shadow.write, mine)) return "races with a write by";
        if (conflicts(shadow.read, mine)) return "races with a read by";
        shadow.write = merged(shadow.write, thread, warpEpoch, true);
    }
    return nullptr;
}

std::string SharedMemory::other() const {
    const char* how = (culprit & ATOMIC) != 0 ? "an atomic of " : "";
    uint32_t by = threadOf(culprit);
    if (by < 1024) return format("%sthread %u", how, by);
    if (by < SEVERAL_WARPS) return format("%sthreads of warp %u", how, by - SEVERAL_IN_WARP);
    return format("%sthreads of several warps", how);
}

}  // namespace sim
