// Page-locked host memory: what cuMemAllocHost, cuMemHostAlloc and cuMemHostRegister gave out.
#pragma once

#include <cstdint>
#include <map>

namespace sim {

class HostMemory {
public:
    /// Poisoned, or null if the host has none.
    void* allocate(uint64_t size);

    /// False if it was not allocated here.
    bool free(void* address);

    /// False if it overlaps what is registered already.
    bool enlist(void* address, uint64_t size);
    bool delist(void* address);

    /// Whether all bytes are page-locked now.
    bool holds(const void* address, uint64_t size) const;

    /// Frees what was allocated here, and forgets the rest.
    void freeAll();

    uint64_t allocationCount() const;
    uint64_t allocatedBytes() const;

private:
    struct Range {
        uint64_t end;
        bool isAllocated;  ///< here, rather than registered
    };
    std::map<uint64_t, Range> ranges;
};

}  // namespace sim
