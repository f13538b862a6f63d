// Allocation, copies and fills.
#include <cstring>

#include "driver/simulation.h"

using namespace sim;

namespace {

constexpr double NANOSECONDS_PER_COPY = 2000, NANOSECONDS_PER_BYTE = 0.05;

double copyDuration(uint64_t bytes) { return NANOSECONDS_PER_COPY + NANOSECONDS_PER_BYTE * static_cast<double>(bytes); }

struct Copy {
    const char* name;       ///< in counters: "h2d"
    uint64_t to, from;
    uint64_t bytes;
    bool toDevice, fromDevice;
};

unsigned long long wide(uint64_t value) { return value; }

/// At the time of the copy: what was alive when it was enqueued may be gone.
void checkDeviceRange(const Device& device, uint64_t address, uint64_t bytes) {
    if (device.memory.holds(address, bytes)) return;
    throw DeviceFault(ILLEGAL_ADDRESS, format("%llu bytes at 0x%llx, %s", wide(bytes), wide(address), device.memory.describe(address).c_str()));
}

void checkHostRange(uint64_t address, uint64_t bytes) {
    if (simulation().hostMemory.holds(reinterpret_cast<void*>(address), bytes)) return;
    throw DeviceFault(ILLEGAL_ADDRESS, format("%llu bytes of pinned host memory at 0x%llx were freed before their copy ran", wide(bytes), wide(address)));
}

void count(const Copy& copy) {
    auto& counters = simulation().counters;
    counters[std::string(copy.name) + ".copies"]++;
    counters[std::string(copy.name) + ".bytes"] += copy.bytes;
}

int invalid(const Device& device, const char* what, uint64_t address, uint64_t bytes) {
    logFault(format("%s of %llu bytes at 0x%llx, %s", what, wide(bytes), wide(address), device.memory.describe(address).c_str()));
    return INVALID_VALUE;
}

/// Pageable host memory is read before an asynchronous call returns, and written before it returns; pinned memory is
/// read and written when the copy runs.
int copyAsync(Device& device, Copy copy, Stream* stream, bool isBlocking) {
    if (!device.isStream(stream)) return INVALID_HANDLE;
    if (copy.bytes == 0) return SUCCESS;
    if (copy.toDevice && !device.memory.holds(copy.to, copy.bytes)) return invalid(device, "copy to", copy.to, copy.bytes);
    if (copy.fromDevice && !device.memory.holds(copy.from, copy.bytes)) return invalid(device, "copy from", copy.from, copy.bytes);
    uint64_t hostAddress = !copy.fromDevice ? copy.from : !copy.toDevice ? copy.to : 0;
    if (hostAddress == 0 && !(copy.toDevice && copy.fromDevice)) return INVALID_VALUE;
    bool isPinned = hostAddress == 0 || simulation().hostMemory.holds(reinterpret_cast<void*>(hostAddress), copy.bytes);
    if (!isPinned && !isBlocking) simulation().counters["pageableAsyncCopies"]++;
    count(copy);

    std::shared_ptr<std::vector<uint8_t>> staged;
    if (!isPinned && !copy.fromDevice) {
        auto* bytes = reinterpret_cast<const uint8_t*>(copy.from);
        staged = std::make_shared<std::vector<uint8_t>>(bytes, bytes + copy.bytes);
    }
    auto operation = device.enqueue(stream, std::string(copy.name) + " copy", [&device, copy, staged, isPinned, hostAddress] {
        if (copy.toDevice) checkDeviceRange(device, copy.to, copy.bytes);
        if (copy.fromDevice) checkDeviceRange(device, copy.from, copy.bytes);
        if (isPinned && hostAddress != 0) checkHostRange(hostAddress, copy.bytes);
        const void* from = staged != nullptr ? staged->data() : reinterpret_cast<const void*>(copy.from);
        std::memmove(reinterpret_cast<void*>(copy.to), from, copy.bytes);
        return copyDuration(copy.bytes);
    });
    if (isBlocking || (!isPinned && copy.fromDevice)) device.demand(operation);
    return SUCCESS;
}

int copy(const char* function, Copy what, Stream* stream, bool isBlocking) {
    return call(function, Need::Context, [&](Device& device) { return copyAsync(device, what, stream, isBlocking); });
}

Copy hostToDevice(uint64_t to, const void* from, size_t bytes) { return {"h2d", to, reinterpret_cast<uint64_t>(from), bytes, true, false}; }
Copy deviceToHost(void* to, uint64_t from, size_t bytes) { return {"d2h", reinterpret_cast<uint64_t>(to), from, bytes, false, true}; }
Copy deviceToDevice(uint64_t to, uint64_t from, size_t bytes) { return {"d2d", to, from, bytes, true, true}; }

/// For cuMemcpy, which infers the direction from the addresses.
Copy inferred(const Device& device, uint64_t to, uint64_t from, size_t bytes) {
    bool toDevice = device.memory.find(to) != nullptr, fromDevice = device.memory.find(from) != nullptr;
    return {toDevice && fromDevice ? "d2d" : toDevice ? "h2d" : "d2h", to, from, bytes, toDevice, fromDevice};
}

template <class T>
int fill(const char* function, uint64_t address, T value, size_t count, Stream* stream) {
    return call(function, Need::Context, [&](Device& device) -> int {
        uint64_t bytes = count * sizeof(T);
        if (!device.isStream(stream)) return INVALID_HANDLE;
        if (address % sizeof(T) != 0) return INVALID_VALUE;
        if (!device.memory.holds(address, bytes)) return invalid(device, "fill", address, bytes);
        simulation().counters["fills"]++;
        // As on hardware, even a fill without a stream is asynchronous to the host.
        device.enqueue(stream, "fill", [&device, address, value, count, bytes] {
            checkDeviceRange(device, address, bytes);
            std::fill_n(reinterpret_cast<T*>(address), count, value);
            return copyDuration(bytes);
        });
        return SUCCESS;
    });
}

}  // namespace

extern "C" {

int cuMemAlloc_v2(uint64_t* address, size_t bytes) {
    return call("cuMemAlloc", Need::Context, [&](Device& device) -> int {
        if (bytes == 0) return INVALID_VALUE;
        *address = device.memory.allocate(bytes);
        if (*address == 0) return OUT_OF_MEMORY;
        simulation().counters["allocations"]++;
        simulation().counters["allocatedBytes"] += bytes;
        return SUCCESS;
    });
}

/// What is freed while work in flight still uses it is found when that work runs.
int cuMemFree_v2(uint64_t address) {
    return call("cuMemFree", Need::Context, [&](Device& device) -> int {
        if (address == 0) return SUCCESS;
        const DeviceMemory::Allocation* allocation = device.memory.find(address);
        if (allocation == nullptr || allocation->isModule || !device.memory.free(address)) {
            logFault(format("cuMemFree of 0x%llx, which is no live allocation: %s", wide(address), device.memory.describe(address).c_str()));
            return INVALID_VALUE;
        }
        simulation().counters["frees"]++;
        return SUCCESS;
    });
}

int cuMemGetInfo_v2(size_t* free, size_t* total) {
    return call("cuMemGetInfo", Need::Context, [&](Device& device) -> int {
        *total = device.memory.capacityBytes();
        *free = *total - std::min<uint64_t>(*total, device.memory.usedBytes());
        return SUCCESS;
    });
}

int cuMemGetAddressRange_v2(uint64_t* base, size_t* size, uint64_t address) {
    return call("cuMemGetAddressRange", Need::Context, [&](Device& device) -> int {
        const DeviceMemory::Allocation* allocation = device.memory.find(address);
        if (allocation == nullptr) return INVALID_VALUE;
        if (base != nullptr) *base = allocation->begin;
        if (size != nullptr) *size = allocation->end - allocation->begin;
        return SUCCESS;
    });
}

int cuMemHostAlloc(void** address, size_t bytes, unsigned) {
    return call("cuMemHostAlloc", Need::Context, [&](Device&) -> int {
        if (bytes == 0) return INVALID_VALUE;
        *address = simulation().hostMemory.allocate(bytes);
        simulation().counters["pinnedAllocations"]++;
        return *address != nullptr ? SUCCESS : OUT_OF_MEMORY;
    });
}

int cuMemAllocHost_v2(void** address, size_t bytes) {
    return call("cuMemAllocHost", Need::Context, [&](Device&) -> int {
        if (bytes == 0) return INVALID_VALUE;
        *address = simulation().hostMemory.allocate(bytes);
        simulation().counters["pinnedAllocations"]++;
        return *address != nullptr ? SUCCESS : OUT_OF_MEMORY;
    });
}

int cuMemFreeHost(void* address) {
    return call("cuMemFreeHost", Need::Context, [&](Device&) -> int {
        if (simulation().hostMemory.free(address)) return SUCCESS;
        logFault(format("cuMemFreeHost of %p, which is no live pinned allocation", address));
        return INVALID_VALUE;
    });
}

int cuMemHostRegister_v2(void* address, size_t bytes, unsigned) {
    return call("cuMemHostRegister", Need::Context, [&](Device&) -> int {
        if (address == nullptr || bytes == 0) return INVALID_VALUE;
        return simulation().hostMemory.enlist(address, bytes) ? SUCCESS : HOST_MEMORY_ALREADY_REGISTERED;
    });
}

int cuMemHostUnregister(void* address) {
    return call("cuMemHostUnregister", Need::Context,
                [&](Device&) -> int { return simulation().hostMemory.delist(address) ? SUCCESS : HOST_MEMORY_NOT_REGISTERED; });
}

int cuMemcpyHtoD_v2(uint64_t to, const void* from, size_t bytes) { return copy("cuMemcpyHtoD", hostToDevice(to, from, bytes), nullptr, true); }
int cuMemcpyDtoH_v2(void* to, uint64_t from, size_t bytes) { return copy("cuMemcpyDtoH", deviceToHost(to, from, bytes), nullptr, true); }
int cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) { return copy("cuMemcpyDtoD", deviceToDevice(to, from, bytes), nullptr, false); }
int cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, Stream* stream) { return copy("cuMemcpyHtoDAsync", hostToDevice(to, from, bytes), stream, false); }
int cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, Stream* stream) { return copy("cuMemcpyDtoHAsync", deviceToHost(to, from, bytes), stream, false); }
int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, Stream* stream) { return copy("cuMemcpyDtoDAsync", deviceToDevice(to, from, bytes), stream, false); }

int cuMemcpy(uint64_t to, uint64_t from, size_t bytes) {
    return call("cuMemcpy", Need::Context, [&](Device& device) { return copyAsync(device, inferred(device, to, from, bytes), nullptr, true); });
}
int cuMemcpyAsync(uint64_t to, uint64_t from, size_t bytes, Stream* stream) {
    return call("cuMemcpyAsync", Need::Context, [&](Device& device) { return copyAsync(device, inferred(device, to, from, bytes), stream, false); });
}

int cuMemsetD8_v2(uint64_t address, unsigned char value, size_t count) { return fill<uint8_t>("cuMemsetD8", address, value, count, nullptr); }
int cuMemsetD16_v2(uint64_t address, unsigned short value, size_t count) { return fill<uint16_t>("cuMemsetD16", address, value, count, nullptr); }
int cuMemsetD32_v2(uint64_t address, unsigned value, size_t count) { return fill<uint32_t>("cuMemsetD32", address, value, count, nullptr); }
int cuMemsetD8Async(uint64_t address, unsigned char value, size_t count, Stream* stream) { return fill<uint8_t>("cuMemsetD8Async", address, value, count, stream); }
int cuMemsetD16Async(uint64_t address, unsigned short value, size_t count, Stream* stream) { return fill<uint16_t>("cuMemsetD16Async", address, value, count, stream); }
int cuMemsetD32Async(uint64_t address, unsigned value, size_t count, Stream* stream) { return fill<uint32_t>("cuMemsetD32Async", address, value, count, stream); }

}  // extern "C"
