#include "memory/device_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "core/errors.h"

namespace sim {

namespace {

constexpr uint64_t PAGE = 4096;
constexpr uint64_t LEAD = 512;
constexpr uint64_t RANGE = uint64_t{256} << 30;
constexpr uint64_t FIRST_ADDRESS = 0x200000000000;
constexpr uint64_t POISON_BYTES = uint64_t{8} << 20;
constexpr size_t FREED_REMEMBERED = 4096;

uint64_t pagesFor(uint64_t size) { return (LEAD + size + PAGE - 1) / PAGE; }

/// A file of poison, mapped copy-on-write under fresh allocations: large ones cost nothing until written.
int poisonFile() {
    static const int file = [] {
        int made = memfd_create("cuda-sim-poison", 0);
        if (made < 0 || ftruncate(made, POISON_BYTES) != 0) return -1;
        void* bytes = mmap(nullptr, POISON_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, made, 0);
        if (bytes == MAP_FAILED) return -1;
        memset(bytes, DeviceMemory::POISON, POISON_BYTES);
        munmap(bytes, POISON_BYTES);
        return made;
    }();
    return file;
}

bool mapPoisoned(uint64_t address, uint64_t length) {
    for (uint64_t done = 0; done < length; done += POISON_BYTES) {
        void* where = reinterpret_cast<void*>(address + done);
        uint64_t part = std::min(POISON_BYTES, length - done);
        if (mmap(where, part, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, poisonFile(), 0) == MAP_FAILED) {
            return false;
        }
    }
    return true;
}

void unmap(uint64_t address, uint64_t length) {
    mmap(reinterpret_cast<void*>(address), length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
}

}  // namespace

DeviceMemory::DeviceMemory(int device) {
    void* hint = reinterpret_cast<void*>(FIRST_ADDRESS + RANGE * static_cast<uint64_t>(device));
    void* range = mmap(hint, RANGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) throw std::runtime_error("cannot reserve addresses for a simulated device");
    base = next = reinterpret_cast<uint64_t>(range);
}

DeviceMemory::~DeviceMemory() { munmap(reinterpret_cast<void*>(base), RANGE); }

uint64_t DeviceMemory::placeFor(uint64_t pages) {
    uint64_t length = (pages + 1) * PAGE;
    // Addresses move forward; only after the whole range was used once are old ones taken again.
    for (int round = 0; round < 2; round++) {
        while (next + length <= base + RANGE) {
            auto after = live.lower_bound(next);
            if (after != live.begin()) {
                auto before = std::prev(after);
                next = std::max(next, (before->second.end + 2 * PAGE - 1) / PAGE * PAGE);
            }
            if (after == live.end() || after->first >= next + length) {
                uint64_t place = next;
                next += length;
                return place;
            }
            next = (after->second.end + 2 * PAGE - 1) / PAGE * PAGE;
        }
        next = base;
    }
    return 0;
}

uint64_t DeviceMemory::allocate(uint64_t size, bool isModule) {
    if (size == 0 || size > capacity || used > capacity - size) return 0;
    uint64_t place = placeFor(pagesFor(size));
    if (place == 0 || !mapPoisoned(place, pagesFor(size) * PAGE)) return 0;
    uint64_t address = place + LEAD;
    live[address] = {address, address + size, isModule};
    used += size;
    peak = std::max(peak, used);
    return address;
}

bool DeviceMemory::free(uint64_t address) {
    auto found = live.find(address);
    if (found == live.end()) return false;
    const Allocation& allocation = found->second;
    uint64_t size = allocation.end - allocation.begin;
    unmap(address - LEAD, pagesFor(size) * PAGE);
    used -= size;
    if (freed.size() >= FREED_REMEMBERED) freed.erase(freed.begin());
    freed[allocation.begin] = allocation.end;
    live.erase(found);
    return true;
}

void DeviceMemory::freeAll() {
    while (!live.empty()) free(live.begin()->first);
}

const DeviceMemory::Allocation* DeviceMemory::find(uint64_t address) const {
    auto after = live.upper_bound(address);
    if (after == live.begin()) return nullptr;
    const Allocation& candidate = std::prev(after)->second;
    return address < candidate.end ? &candidate : nullptr;
}

bool DeviceMemory::holds(uint64_t address, uint64_t size) const {
    if (size == 0) return true;
    const Allocation* allocation = find(address);
    return allocation != nullptr && size <= allocation->end - address;
}

std::string DeviceMemory::describe(uint64_t address) const {
    auto freedAfter = freed.upper_bound(address);
    if (freedAfter != freed.begin() && address < std::prev(freedAfter)->second && find(address) == nullptr) {
        uint64_t size = std::prev(freedAfter)->second - std::prev(freedAfter)->first;
        return format("in an allocation of %llu bytes that was freed", static_cast<unsigned long long>(size));
    }
    auto after = live.upper_bound(address);
    if (after != live.begin()) {
        const Allocation& before = std::prev(after)->second;
        auto size = static_cast<unsigned long long>(before.end - before.begin);
        if (address < before.end) {
            return format("%llu bytes into an allocation of %llu bytes", static_cast<unsigned long long>(address - before.begin), size);
        }
        return format("%llu bytes past the end of an allocation of %llu bytes", static_cast<unsigned long long>(address - before.end), size);
    }
    return "outside any device allocation";
}

}  // namespace sim
