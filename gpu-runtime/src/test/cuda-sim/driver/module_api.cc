// Modules, functions and launches.
#include <cstring>

#include "driver/simulation.h"

using namespace sim;

namespace {

constexpr int NEWEST_PTX = 88;  // of the driver that is simulated
constexpr int ARCHITECTURE = 80;
constexpr uint32_t SHARED_OPT_IN_LIMIT = 163 * 1024;
constexpr double NANOSECONDS_PER_LAUNCH = 3000, NANOSECONDS_PER_INSTRUCTION = 0.01;

// CUjit_option
constexpr int ERROR_LOG_BUFFER = 5, ERROR_LOG_SIZE = 6;

bool isBinary(const void* image) {
    uint32_t magic;
    std::memcpy(&magic, image, sizeof magic);
    return magic == 0x464C457F || magic == 0xBA55ED50 || magic == 0x466243B1;
}

void writeLog(const std::string& text, unsigned count, const int* options, void** values) {
    char* buffer = nullptr;
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        if (options[i] == ERROR_LOG_BUFFER) buffer = static_cast<char*>(values[i]);
        if (options[i] == ERROR_LOG_SIZE) size = reinterpret_cast<size_t>(values[i]) & 0xFFFFFFFF;
    }
    if (buffer == nullptr || size == 0) return;
    std::strncpy(buffer, text.c_str(), size - 1);
    buffer[size - 1] = '\0';
}

/// Places the module's variables in device memory. References among them are resolved once all are placed.
void placeVariables(Device& device, LoadedModule& module) {
    for (const auto& variable : module.code->variables) {
        if (variable->space == Space::Shared || variable->size == 0) continue;
        uint64_t address = device.memory.allocate(variable->size, true);
        if (address == 0) throw DeviceFault(OUT_OF_MEMORY, "no memory for variable " + variable->name);
        module.addresses[variable->name] = address;
        auto* bytes = reinterpret_cast<uint8_t*>(address);
        std::memset(bytes, 0, variable->size);
        std::memcpy(bytes, variable->initial.data(), std::min<uint64_t>(variable->initial.size(), variable->size));
    }
    for (const auto& variable : module.code->variables) {
        for (const Variable::Reference& reference : variable->references) {
            auto target = module.addresses.find(reference.name);
            if (target == module.addresses.end()) throw PtxError("no variable " + reference.name);
            uint64_t value = target->second + reference.addend;
            std::memcpy(reinterpret_cast<void*>(module.addresses[variable->name] + reference.offset), &value, sizeof value);
        }
    }
}

/// Every kernel is assembled at once: what the interpreter does not know is an error of the load, never a wrong number.
void assembleAll(LoadedModule& module) {
    AddressOf addressOf = [&module](const std::string& name) {
        auto found = module.addresses.find(name);
        if (found == module.addresses.end()) throw PtxError("no variable " + name);
        return found->second;
    };
    for (const auto& [name, function] : module.code->functions) {
        if (!function->isEntry || !function->hasBody) continue;
        auto loaded = std::make_unique<LoadedFunction>();
        loaded->module = &module;
        loaded->program = assemble(*module.code, *function, addressOf);
        module.functions[name] = std::move(loaded);
    }
}

int load(Device& device, LoadedModule** handle, const void* image, unsigned count, const int* options, void** values) {
    if (image == nullptr) return INVALID_VALUE;
    if (isBinary(image)) {
        logLine("a cubin cannot run on the simulated device, only PTX");
        return NO_BINARY_FOR_GPU;
    }
    auto module = std::make_unique<LoadedModule>();
    try {
        module->code = parse(static_cast<const char*>(image));
        if (module->code->version > NEWEST_PTX) return UNSUPPORTED_PTX_VERSION;
        if (module->code->architecture > ARCHITECTURE) {
            throw PtxError(format("PTX for sm_%d on a device of compute capability 8.0", module->code->architecture));
        }
        placeVariables(device, *module);
        assembleAll(*module);
    } catch (const std::runtime_error& problem) {
        logFault(problem.what());
        writeLog(problem.what(), count, options, values);
        for (const auto& [name, address] : module->addresses) device.memory.free(address);
        auto* fault = dynamic_cast<const DeviceFault*>(&problem);
        return fault != nullptr ? fault->code : INVALID_PTX;
    }
    *handle = device.adopt(std::move(module));
    simulation().counters["moduleLoads"]++;
    return SUCCESS;
}

bool isFunction(const Device& device, const LoadedFunction* function) {
    if (function == nullptr) return false;
    // The handle may be of a module that was unloaded: only pointers that are found in live modules count.
    for (const LoadedModule* module : device.loadedModules()) {
        for (const auto& [name, owned] : module->functions) {
            if (owned.get() == function) return true;
        }
    }
    return false;
}

std::vector<uint8_t> gathered(const Program& program, void** parameters) {
    std::vector<uint8_t> bytes(program.parameterBytes);
    for (size_t i = 0; i < program.parameters.size(); i++) {
        std::memcpy(bytes.data() + program.parameters[i].offset, parameters[i], program.parameters[i].size);
    }
    return bytes;
}

/// CU_LAUNCH_PARAM_BUFFER_POINTER, _BUFFER_SIZE and _END, with values between.
bool unpackExtra(const Program& program, void** extra, std::vector<uint8_t>& bytes) {
    const void* buffer = nullptr;
    size_t size = 0;
    for (; *extra != nullptr; extra += 2) {
        if (*extra == reinterpret_cast<void*>(1)) buffer = extra[1];
        else if (*extra == reinterpret_cast<void*>(2)) size = *static_cast<size_t*>(extra[1]);
        else return false;
    }
    if (buffer == nullptr || size != program.parameterBytes) {
        logFault(format("kernel %s takes %u bytes of parameters and gets %zu", program.name.c_str(), program.parameterBytes, size));
        return false;
    }
    const auto* from = static_cast<const uint8_t*>(buffer);
    bytes.assign(from, from + size);
    return true;
}

int checkShape(const LoadedFunction& function, const Launch& launch) {
    const Program& program = *launch.program;
    uint64_t threads = launch.block.count();
    bool isInvalid = threads == 0 || launch.grid.count() == 0 || launch.grid.x > 2147483647u || launch.grid.y > 65535 || launch.grid.z > 65535 ||
                     launch.block.x > 1024 || launch.block.y > 1024 || launch.block.z > 64 || threads > 1024;
    const uint32_t* required = program.requiredThreads;
    if (required[0] != 0) isInvalid |= required[0] != launch.block.x || required[1] != launch.block.y || required[2] != launch.block.z;
    if (program.maximalThreads != 0) isInvalid |= threads > program.maximalThreads;
    isInvalid |= launch.dynamicSharedBytes > function.dynamicSharedLimit;
    isInvalid |= program.staticSharedBytes + launch.dynamicSharedBytes > SHARED_OPT_IN_LIMIT;
    if (!isInvalid) return SUCCESS;
    logFault(format("invalid launch of %s: grid (%u,%u,%u), block (%u,%u,%u), %u bytes of dynamic shared memory", program.name.c_str(), launch.grid.x, launch.grid.y,
                    launch.grid.z, launch.block.x, launch.block.y, launch.block.z, launch.dynamicSharedBytes));
    return INVALID_VALUE;
}

int launchOn(Device& device, LoadedFunction& function, Launch launch, Stream* stream, void** parameters, void** extra) {
    if (!device.isStream(stream)) return INVALID_HANDLE;
    launch.program = function.program;
    if (int code = checkShape(function, launch); code != SUCCESS) return code;
    if (extra != nullptr) {
        if (!unpackExtra(*launch.program, extra, launch.parameters)) return INVALID_VALUE;
    } else {
        if (parameters == nullptr && !launch.program->parameters.empty()) return INVALID_VALUE;
        launch.parameters = gathered(*launch.program, parameters);
    }
    Simulation& sim = simulation();
    sim.counters["launches"]++;
    sim.counters["launch." + launch.program->name]++;
    launch.seed = sim.settings.seed == 0 ? 0 : sim.settings.seed + sim.counters["launches"];
    launch.noiseUlps = sim.settings.noiseUlps;
    launch.noiseSeed = sim.settings.seed;
    launch.strictBarriers = sim.settings.strictBarriers;
    launch.instructionBudget = sim.settings.instructionBudget;
    const std::string kind = "launch of " + launch.program->name;
    device.enqueue(stream, kind, [&device, launch = std::move(launch)] {
        uint64_t executed = runGrid(launch, device.memory);
        simulation().counters["instructions"] += executed;
        return NANOSECONDS_PER_LAUNCH + NANOSECONDS_PER_INSTRUCTION * static_cast<double>(executed);
    });
    return SUCCESS;
}

}  // namespace

extern "C" {

int cuModuleLoadData(LoadedModule** module, const void* image) {
    return call("cuModuleLoadData", Need::Context, [&](Device& device) { return load(device, module, image, 0, nullptr, nullptr); });
}

int cuModuleLoadDataEx(LoadedModule** module, const void* image, unsigned count, int* options, void** values) {
    return call("cuModuleLoadDataEx", Need::Context, [&](Device& device) { return load(device, module, image, count, options, values); });
}

int cuModuleUnload(LoadedModule* module) {
    return call("cuModuleUnload", Need::Context, [&](Device& device) -> int {
        if (!device.isModule(module)) {
            logFault("cuModuleUnload of what is no live module");
            return INVALID_HANDLE;
        }
        device.unload(module);
        return SUCCESS;
    });
}

int cuModuleGetFunction(LoadedFunction** function, LoadedModule* module, const char* name) {
    return call("cuModuleGetFunction", Need::Context, [&](Device& device) -> int {
        if (!device.isModule(module)) return INVALID_HANDLE;
        auto found = module->functions.find(name);
        if (found == module->functions.end()) return NOT_FOUND;
        *function = found->second.get();
        return SUCCESS;
    });
}

int cuModuleGetGlobal_v2(uint64_t* address, size_t* bytes, LoadedModule* module, const char* name) {
    return call("cuModuleGetGlobal", Need::Context, [&](Device& device) -> int {
        if (!device.isModule(module)) return INVALID_HANDLE;
        auto found = module->addresses.find(name);
        if (found == module->addresses.end()) return NOT_FOUND;
        const DeviceMemory::Allocation* allocation = device.memory.find(found->second);
        if (address != nullptr) *address = found->second;
        if (bytes != nullptr) *bytes = allocation->end - allocation->begin;
        return SUCCESS;
    });
}

int cuFuncGetAttribute(int* value, int attribute, LoadedFunction* function) {
    return call("cuFuncGetAttribute", Need::Context, [&](Device& device) -> int {
        if (!isFunction(device, function)) return INVALID_HANDLE;
        const Program& program = *function->program;
        switch (attribute) {
            case 0: *value = program.maximalThreads != 0 ? static_cast<int>(program.maximalThreads) : 1024; break;
            case 1: *value = static_cast<int>(program.staticSharedBytes); break;
            case 2: *value = 0; break;
            case 3: *value = static_cast<int>(program.localBytes); break;
            case 4: *value = static_cast<int>(std::min<uint32_t>(program.registerCount, 255)); break;
            case 5:
            case 6: *value = ARCHITECTURE; break;
            case 8: *value = static_cast<int>(function->dynamicSharedLimit); break;
            default: return INVALID_VALUE;
        }
        return SUCCESS;
    });
}

int cuFuncSetAttribute(LoadedFunction* function, int attribute, int value) {
    return call("cuFuncSetAttribute", Need::Context, [&](Device& device) -> int {
        constexpr int maximalDynamicSharedSize = 8;
        if (!isFunction(device, function)) return INVALID_HANDLE;
        if (attribute != maximalDynamicSharedSize) return SUCCESS;
        if (value < 0 || static_cast<uint32_t>(value) + function->program->staticSharedBytes > SHARED_OPT_IN_LIMIT) return INVALID_VALUE;
        function->dynamicSharedLimit = static_cast<uint32_t>(value);
        return SUCCESS;
    });
}

int cuFuncSetCacheConfig(LoadedFunction*, int) { return SUCCESS; }

int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, LoadedFunction* function, int threads, size_t dynamicSharedBytes) {
    return call("cuOccupancyMaxActiveBlocksPerMultiprocessor", Need::Context, [&](Device& device) -> int {
        if (!isFunction(device, function)) return INVALID_HANDLE;
        if (threads <= 0 || threads > 1024) return INVALID_VALUE;
        uint64_t shared = function->program->staticSharedBytes + dynamicSharedBytes;
        uint64_t byShared = shared == 0 ? 32 : SHARED_OPT_IN_LIMIT / shared;
        *blocks = static_cast<int>(std::min<uint64_t>({32, 2048 / static_cast<uint64_t>(threads), byShared}));
        return SUCCESS;
    });
}

int cuLaunchKernel(LoadedFunction* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                   unsigned sharedBytes, Stream* stream, void** parameters, void** extra) {
    return call("cuLaunchKernel", Need::Context, [&](Device& device) -> int {
        if (!isFunction(device, function)) {
            logFault("cuLaunchKernel of a function of no live module");
            return INVALID_HANDLE;
        }
        Launch launch;
        launch.grid = {gridX, gridY, gridZ};
        launch.block = {blockX, blockY, blockZ};
        launch.dynamicSharedBytes = sharedBytes;
        return launchOn(device, *function, std::move(launch), stream, parameters, extra);
    });
}

}  // extern "C"
