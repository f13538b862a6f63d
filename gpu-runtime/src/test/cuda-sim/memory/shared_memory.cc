#include "memory/shared_memory.h"

#include <cstring>

#include "core/errors.h"

namespace sim {

namespace {

// The 12 bits of a thread: a number below 1024, ATOMIC, several threads of one warp, or threads of several warps.
constexpr uint32_t SEVERAL_IN_WARP = 0x800;
constexpr uint32_t SEVERAL_WARPS = 0xFFF;

uint32_t threadOf(uint64_t tag) { return tag & 0xFFF; }
uint32_t warpEpochOf(uint64_t tag) { return static_cast<uint32_t>(tag >> 12) & 0xFFFFF; }

/// The warp that all threads of a tag belong to, or -1.
int warpOf(uint32_t thread) {
    if (thread < 1024) return static_cast<int>(thread / 32);
    if (thread >= SEVERAL_IN_WARP && thread < SEVERAL_IN_WARP + 32) return static_cast<int>(thread - SEVERAL_IN_WARP);
    return -1;
}

}  // namespace

void SharedMemory::shape(uint32_t bytes, int cellShift) {
    memory.assign(bytes, POISON);
    shift = cellShift;
    cells.assign((bytes >> cellShift) + 4, Cell{});
}

void SharedMemory::beginBlock() {
    if (!memory.empty()) memset(memory.data(), POISON, memory.size());
    blockEpoch = ++epoch;
}

bool SharedMemory::conflicts(uint64_t earlier, uint32_t thread, uint32_t warpEpoch) const {
    if (earlier >> 32 != epoch) return false;
    uint32_t by = threadOf(earlier);
    if (by == thread) return false;
    int warp = warpOf(by);
    bool isOrderedByWarp = warp >= 0 && warp == warpOf(thread) && warpEpochOf(earlier) != (warpEpoch & 0xFFFFF);
    return !isOrderedByWarp;
}

const char* SharedMemory::checkRead(uint32_t address, uint32_t size, uint32_t thread, uint32_t warpEpoch) {
    for (uint32_t cell = address >> shift; cell <= (address + size - 1) >> shift; cell++) {
        Cell& shadow = cells[cell];
        if (shadow.write >> 32 < blockEpoch) return "uninitialised";
        if (conflicts(shadow.write, thread, warpEpoch)) {
            culprit = threadOf(shadow.write);
            return "races with a write by";
        }
        uint64_t mine = tag(thread, warpEpoch);
        if (shadow.read >> 32 == epoch && threadOf(shadow.read) != thread) {
            int warp = warpOf(threadOf(shadow.read));
            bool isOneWarp = warp >= 0 && warp == warpOf(thread);
            mine = tag(isOneWarp ? SEVERAL_IN_WARP + static_cast<uint32_t>(warp) : SEVERAL_WARPS, warpEpoch);
        }
        shadow.read = mine;
    }
    return nullptr;
}

const char* SharedMemory::checkWrite(uint32_t address, uint32_t size, uint32_t thread, uint32_t warpEpoch, const void* value) {
    bool isSame = value != nullptr && memcmp(memory.data() + address, value, size) == 0;
    for (uint32_t cell = address >> shift; cell <= (address + size - 1) >> shift; cell++) {
        Cell& shadow = cells[cell];
        bool passes = isSame && shadow.write >> 32 >= blockEpoch;
        if (!passes && conflicts(shadow.write, thread, warpEpoch)) {
            culprit = threadOf(shadow.write);
            return "races with a write by";
        }
        if (conflicts(shadow.read, thread, warpEpoch)) {
            culprit = threadOf(shadow.read);
            return "races with a read by";
        }
        shadow.write = tag(thread, warpEpoch);
    }
    return nullptr;
}

std::string SharedMemory::other() const {
    if (culprit < 1024) return format("thread %u", culprit);
    if (culprit == ATOMIC) return "an atomic";
    if (culprit < SEVERAL_WARPS) return format("threads of warp %u", culprit - SEVERAL_IN_WARP);
    return "threads of several warps";
}

}  // namespace sim
