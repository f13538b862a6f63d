// cuInit, devices, contexts, and the names of errors.
#include <cstring>

#include "driver/simulation.h"

using namespace sim;

namespace {

constexpr int DRIVER_VERSION = 12090;
constexpr const char* NAME = "Simulated CUDA device";

struct NamedCode {
    int code;
    const char *name, *text;
};

constexpr NamedCode CODES[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {DEVICE_UNAVAILABLE, "CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA-capable device(s) is/are busy or unavailable"},
    {NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {214, "CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"},
    {INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."},
    {FILE_NOT_FOUND, "CUDA_ERROR_FILE_NOT_FOUND", "file not found"},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {LAUNCH_TIMEOUT, "CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"},
    {CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"},
    {ASSERT, "CUDA_ERROR_ASSERT", "device-side assert triggered"},
    {HOST_MEMORY_ALREADY_REGISTERED, "CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED", "part or all of the requested memory range is already mapped"},
    {HOST_MEMORY_NOT_REGISTERED, "CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED", "pointer does not correspond to a registered memory region"},
    {ILLEGAL_INSTRUCTION, "CUDA_ERROR_ILLEGAL_INSTRUCTION", "an illegal instruction was encountered"},
    {MISALIGNED_ADDRESS, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const NamedCode* find(int code) {
    for (const NamedCode& named : CODES) {
        if (named.code == code) return &named;
    }
    return nullptr;
}

/// Numbers of CUdevice_attribute with their values; the others are 0.
constexpr struct {
    int attribute, value;
} ATTRIBUTES[] = {
    {1, 1024}, {2, 1024}, {3, 1024}, {4, 64},           // threads per block, and each dimension
    {5, 2147483647}, {6, 65535}, {7, 65535},            // grid
    {8, 49152}, {9, 65536}, {10, 32}, {11, 2147483647}, // shared and constant bytes, warp, pitch
    {12, 65536}, {13, 1000000}, {14, 512}, {15, 1},     // registers, kHz, texture alignment, overlap
    {16, 1}, {19, 1}, {31, 1}, {36, 1000000}, {37, 64}, // processors, mapped host memory, concurrent kernels
    {38, 4194304}, {39, 2048}, {40, 2}, {41, 1},        // L2, threads per processor, copy engines, unified addresses
    {75, 8}, {76, 0},                                   // compute capability
    {78, 1}, {81, 167936}, {82, 65536}, {97, 166912}, {106, 32},
};

template <class F>
int withDevice(const char* function, int ordinal, F body) {
    return callWithoutDevice(function, Need::Initialised, [&]() -> int {
        auto& devices = simulation().devices;
        if (ordinal < 0 || static_cast<size_t>(ordinal) >= devices.size()) return INVALID_DEVICE;
        return body(*devices[static_cast<size_t>(ordinal)]);
    });
}

bool isAlive(Context* context) { return simulation().contexts.count(context) > 0; }

}  // namespace

extern "C" {

int cuInit(unsigned flags) {
    return callWithoutDevice("cuInit", Need::Nothing, [&]() -> int {
        Simulation& sim = simulation();
        if (flags != 0) return INVALID_VALUE;
        if (sim.settings.devices == 0) return NO_DEVICE;
        sim.makeDevices();
        sim.isInitialised = true;
        return SUCCESS;
    });
}

int cuDriverGetVersion(int* version) {
    *version = DRIVER_VERSION;
    return SUCCESS;
}

int cuGetErrorName(int code, const char** name) {
    const NamedCode* named = find(code);
    *name = named != nullptr ? named->name : nullptr;
    return named != nullptr ? SUCCESS : INVALID_VALUE;
}

int cuGetErrorString(int code, const char** text) {
    const NamedCode* named = find(code);
    *text = named != nullptr ? named->text : nullptr;
    return named != nullptr ? SUCCESS : INVALID_VALUE;
}

int cuDeviceGetCount(int* count) {
    return callWithoutDevice("cuDeviceGetCount", Need::Initialised, [&]() -> int {
        *count = simulation().settings.devices;
        return SUCCESS;
    });
}

int cuDeviceGet(int* device, int ordinal) {
    return withDevice("cuDeviceGet", ordinal, [&](Device&) -> int {
        *device = ordinal;
        return SUCCESS;
    });
}

int cuDeviceGetName(char* name, int length, int ordinal) {
    return withDevice("cuDeviceGetName", ordinal, [&](Device&) -> int {
        if (length <= 0) return INVALID_VALUE;
        std::strncpy(name, NAME, static_cast<size_t>(length));
        name[length - 1] = '\0';
        return SUCCESS;
    });
}

/// "SIMULATED", then the number of the device.
int cuDeviceGetUuid(char* uuid, int ordinal) {
    return withDevice("cuDeviceGetUuid", ordinal, [&](Device&) -> int {
        std::memcpy(uuid, "SIMULATED\0\0\0\0\0\0\0", 16);
        uuid[15] = static_cast<char>(ordinal);
        return SUCCESS;
    });
}

int cuDeviceGetUuid_v2(char* uuid, int ordinal) { return cuDeviceGetUuid(uuid, ordinal); }

int cuDeviceGetPCIBusId(char* id, int length, int ordinal) {
    return withDevice("cuDeviceGetPCIBusId", ordinal, [&](Device&) -> int {
        std::string text = format("0000:%02x:00.0", ordinal + 1);
        if (length <= static_cast<int>(text.size())) return INVALID_VALUE;
        std::strcpy(id, text.c_str());
        return SUCCESS;
    });
}

int cuDeviceTotalMem_v2(size_t* bytes, int ordinal) {
    return withDevice("cuDeviceTotalMem", ordinal, [&](Device& device) -> int {
        *bytes = device.memory.capacityBytes();
        return SUCCESS;
    });
}

int cuDeviceGetAttribute(int* value, int attribute, int ordinal) {
    return withDevice("cuDeviceGetAttribute", ordinal, [&](Device&) -> int {
        if (attribute <= 0 || attribute > 200) return INVALID_VALUE;
        *value = attribute == 33 ? ordinal + 1 : 0;
        for (const auto& known : ATTRIBUTES) {
            if (known.attribute == attribute) *value = known.value;
        }
        return SUCCESS;
    });
}

int cuDeviceComputeCapability(int* major, int* minor, int ordinal) {
    return withDevice("cuDeviceComputeCapability", ordinal, [&](Device&) -> int {
        *major = 8;
        *minor = 0;
        return SUCCESS;
    });
}

int cuDevicePrimaryCtxRetain(Context** context, int ordinal) {
    return withDevice("cuDevicePrimaryCtxRetain", ordinal, [&](Device& device) -> int {
        if (device.stickyCode() != 0) return device.stickyCode();
        Context* primary = simulation().primaryContext(device);
        *context = primary != nullptr ? primary : simulation().createContext(device, true);
        device.primaryReferences++;
        return SUCCESS;
    });
}

int cuDevicePrimaryCtxRelease_v2(int ordinal) {
    return withDevice("cuDevicePrimaryCtxRelease", ordinal, [&](Device& device) -> int {
        if (device.primaryReferences == 0) return INVALID_CONTEXT;
        if (--device.primaryReferences == 0) simulation().destroyContext(simulation().primaryContext(device));
        return SUCCESS;
    });
}

int cuDevicePrimaryCtxReset_v2(int ordinal) {
    return withDevice("cuDevicePrimaryCtxReset", ordinal, [&](Device& device) -> int {
        device.reset(false);
        return SUCCESS;
    });
}

int cuDevicePrimaryCtxSetFlags_v2(int ordinal, unsigned) {
    return withDevice("cuDevicePrimaryCtxSetFlags", ordinal, [](Device&) -> int { return SUCCESS; });
}

int cuDevicePrimaryCtxGetState(int ordinal, unsigned* flags, int* isActive) {
    return withDevice("cuDevicePrimaryCtxGetState", ordinal, [&](Device& device) -> int {
        *flags = 0;
        *isActive = device.primaryReferences > 0 ? 1 : 0;
        return SUCCESS;
    });
}

int cuCtxCreate_v2(Context** context, unsigned, int ordinal) {
    return withDevice("cuCtxCreate", ordinal, [&](Device& device) -> int {
        if (device.stickyCode() != 0) return device.stickyCode();
        *context = simulation().createContext(device, false);
        contextStack().push_back(*context);
        return SUCCESS;
    });
}

int cuCtxDestroy_v2(Context* context) {
    return callWithoutDevice("cuCtxDestroy", Need::Initialised, [&]() -> int {
        if (!isAlive(context) || context->isPrimary) return INVALID_CONTEXT;
        simulation().destroyContext(context);
        return SUCCESS;
    });
}

int cuCtxSetCurrent(Context* context) {
    return callWithoutDevice("cuCtxSetCurrent", Need::Initialised, [&]() -> int {
        if (context != nullptr && !isAlive(context)) return INVALID_CONTEXT;
        auto& stack = contextStack();
        if (!stack.empty()) stack.pop_back();
        if (context != nullptr) stack.push_back(context);
        return SUCCESS;
    });
}

int cuCtxGetCurrent(Context** context) {
    return callWithoutDevice("cuCtxGetCurrent", Need::Initialised, [&]() -> int {
        *context = contextStack().empty() ? nullptr : contextStack().back();
        return SUCCESS;
    });
}

int cuCtxPushCurrent_v2(Context* context) {
    return callWithoutDevice("cuCtxPushCurrent", Need::Initialised, [&]() -> int {
        if (!isAlive(context)) return INVALID_CONTEXT;
        contextStack().push_back(context);
        return SUCCESS;
    });
}

int cuCtxPopCurrent_v2(Context** context) {
    return callWithoutDevice("cuCtxPopCurrent", Need::Initialised, [&]() -> int {
        auto& stack = contextStack();
        if (stack.empty()) return INVALID_CONTEXT;
        if (context != nullptr) *context = stack.back();
        stack.pop_back();
        return SUCCESS;
    });
}

int cuCtxGetDevice(int* ordinal) {
    return call("cuCtxGetDevice", Need::Context, [&](Device& device) -> int {
        *ordinal = device.ordinal;
        return SUCCESS;
    });
}

int cuCtxSynchronize() {
    return call("cuCtxSynchronize", Need::Context, [&](Device& device) -> int {
        simulation().counters["syncs"]++;
        device.demandAll();
        return SUCCESS;
    });
}

int cuCtxGetApiVersion(Context*, unsigned* version) {
    *version = 3020;
    return SUCCESS;
}

int cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    return call("cuCtxGetStreamPriorityRange", Need::Context, [&](Device&) -> int {
        if (least != nullptr) *least = 0;
        if (greatest != nullptr) *greatest = -5;
        return SUCCESS;
    });
}

int cuCtxSetCacheConfig(int) { return SUCCESS; }

// NVRTC finds the driver by name and asks for these through dlsym; where one is missing, it ends the process.
int cuGetExportTable(const void** table, const void*) {
    *table = nullptr;
    return NOT_FOUND;
}

int cuGetProcAddress(const char*, void** function, int, unsigned long long) {
    *function = nullptr;
    return NOT_FOUND;
}

int cuGetProcAddress_v2(const char*, void** function, int, unsigned long long, int*) {
    *function = nullptr;
    return NOT_FOUND;
}

}  // extern "C"
