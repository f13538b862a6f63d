// The memory of one simulated device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace sim {

/// Allocations in an address range of their own. A device address is also the host address of the bytes. Every
/// allocation has pages of its own between pages that nothing maps, begins 512 bytes into a page (aligned as
/// cuMemAlloc promises and no better), holds poison when fresh, and its addresses are not used again for long.
class DeviceMemory {
public:
    static constexpr uint8_t POISON = 0xFB;

    struct Allocation {
        uint64_t begin, end;
        bool isModule;  ///< belongs to a loaded module: no leak while the module is loaded
    };

    explicit DeviceMemory(int device);
    ~DeviceMemory();
    DeviceMemory(const DeviceMemory&) = delete;

    /// The address, or 0 where size does not fit into what is left of the capacity.
    uint64_t allocate(uint64_t size, bool isModule = false);

    /// False if no live allocation begins there.
    bool free(uint64_t address);

    void freeAll();

    /// The live allocation that holds the address, or null.
    const Allocation* find(uint64_t address) const;

    /// Whether all bytes lie in one live allocation.
    bool holds(uint64_t address, uint64_t size) const;

    /// Where an address lies, in words for an error: "3 bytes past the end of an allocation of 4000 bytes".
    std::string describe(uint64_t address) const;

    const std::map<uint64_t, Allocation>& allocations() const { return live; }
    uint64_t usedBytes() const { return used; }
    uint64_t peakBytes() const { return peak; }
    uint64_t capacityBytes() const { return capacity; }
    void limit(uint64_t bytes) { capacity = bytes; }
    void forgetPeak() { peak = used; }

private:
    uint64_t placeFor(uint64_t pages);

    uint64_t base, next;
    uint64_t capacity = 0, used = 0, peak = 0;
    std::map<uint64_t, Allocation> live;
    std::map<uint64_t, uint64_t> freed;  ///< begin to end, the latest of any address
};

}  // namespace sim
