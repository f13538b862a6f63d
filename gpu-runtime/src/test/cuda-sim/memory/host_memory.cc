#include "memory/host_memory.h"

#include <cstdlib>
#include <cstring>

#include "memory/device_memory.h"

namespace sim {

void* HostMemory::allocate(uint64_t size) {
    constexpr uint64_t page = 4096;
    void* bytes = std::aligned_alloc(page, (size + page - 1) / page * page);
    if (bytes == nullptr) return nullptr;
    memset(bytes, DeviceMemory::POISON, size);
    ranges[reinterpret_cast<uint64_t>(bytes)] = {reinterpret_cast<uint64_t>(bytes) + size, true};
    return bytes;
}

bool HostMemory::free(void* address) {
    auto found = ranges.find(reinterpret_cast<uint64_t>(address));
    if (found == ranges.end() || !found->second.isAllocated) return false;
    ranges.erase(found);
    std::free(address);
    return true;
}

bool HostMemory::enlist(void* address, uint64_t size) {
    auto begin = reinterpret_cast<uint64_t>(address);
    auto after = ranges.upper_bound(begin);
    if (after != ranges.end() && after->first < begin + size) return false;
    if (after != ranges.begin() && std::prev(after)->second.end > begin) return false;
    ranges[begin] = {begin + size, false};
    return true;
}

bool HostMemory::delist(void* address) {
    auto found = ranges.find(reinterpret_cast<uint64_t>(address));
    if (found == ranges.end() || found->second.isAllocated) return false;
    ranges.erase(found);
    return true;
}

bool HostMemory::holds(const void* address, uint64_t size) const {
    auto begin = reinterpret_cast<uint64_t>(address);
    auto after = ranges.upper_bound(begin);
    return after != ranges.begin() && begin + size <= std::prev(after)->second.end;
}

void HostMemory::freeAll() {
    for (const auto& [begin, range] : ranges) {
        if (range.isAllocated) std::free(reinterpret_cast<void*>(begin));
    }
    ranges.clear();
}

uint64_t HostMemory::allocationCount() const {
    uint64_t count = 0;
    for (const auto& [begin, range] : ranges) count += range.isAllocated ? 1 : 0;
    return count;
}

uint64_t HostMemory::allocatedBytes() const {
    uint64_t sum = 0;
    for (const auto& [begin, range] : ranges) sum += range.isAllocated ? range.end - begin : 0;
    return sum;
}

}  // namespace sim
