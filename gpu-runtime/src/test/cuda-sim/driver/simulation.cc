#include "driver/simulation.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace sim {

Simulation::Simulation() {
    const char* environment = std::getenv("TESSERA_SIM");
    if (environment == nullptr) return;
    std::string text = environment;
    size_t from = 0;
    while (from < text.size()) {
        size_t comma = std::min(text.find(',', from), text.size());
        std::string wrong = settings.apply(text.substr(from, comma - from));
        if (!wrong.empty()) logLine("TESSERA_SIM: " + wrong);
        from = comma + 1;
    }
}

int Simulation::injectedFault(const std::string& function) {
    int code = 0;
    for (FaultRule& rule : settings.faults) {
        if (rule.function != function) continue;
        rule.seen++;
        if (rule.seen == rule.nth || (rule.andLater && rule.seen > rule.nth)) code = rule.code;
    }
    if (code != 0) {
        counters["injectedFaults"]++;
        logLine(format("%s returns %d, as asked", function.c_str(), code));
    }
    return code;
}

void Simulation::makeDevices() {
    while (devices.size() < static_cast<size_t>(settings.devices)) {
        devices.push_back(std::make_unique<Device>(static_cast<int>(devices.size()), settings, counters));
    }
}

Context* Simulation::createContext(Device& device, bool isPrimary) {
    auto made = std::make_unique<Context>(Context{&device, isPrimary});
    Context* context = made.get();
    contexts[context] = std::move(made);
    device.contexts++;
    return context;
}

Context* Simulation::primaryContext(const Device& device) {
    for (const auto& [context, owned] : contexts) {
        if (context->device == &device && context->isPrimary) return context;
    }
    return nullptr;
}

void Simulation::destroyContext(Context* context) {
    Device& device = *context->device;
    auto& stack = contextStack();
    stack.erase(std::remove(stack.begin(), stack.end(), context), stack.end());
    contexts.erase(context);
    if (--device.contexts > 0) return;
    device.demandAll();
    std::string leaked = device.leaks();
    if (!leaked.empty()) {
        logLine("LEAK at the release of the context: " + leaked);
        reports.push_back(leaked);
        counters["leakReports"]++;
    }
    device.reset(false);
}

std::string Simulation::resetAll() {
    for (auto& device : devices) {
        device->reset(true);
        device->contexts = device->primaryReferences = 0;
    }
    contexts.clear();
    hostMemory.freeAll();
    settings = Settings();
    counters.clear();
    reports.clear();
    forgetFaults();
    for (auto& device : devices) {
        device->memory.limit(settings.memoryBytes);
        device->memory.forgetPeak();
    }
    return "";
}

std::string Simulation::countersText() {
    std::string text;
    auto add = [&](const std::string& name, uint64_t value) { text += format("%s=%llu\n", name.c_str(), static_cast<unsigned long long>(value)); };
    for (const auto& [name, value] : counters) add(name, value);
    uint64_t allocations = 0, bytes = 0, peak = 0, streams = 0, events = 0, modules = 0;
    for (const auto& device : devices) {
        for (const auto& [begin, allocation] : device->memory.allocations()) allocations += allocation.isModule ? 0 : 1;
        bytes += device->memory.usedBytes();
        peak += device->memory.peakBytes();
        streams += device->liveStreams();
        events += device->liveEvents();
        modules += device->liveModules();
    }
    add("live.allocations", allocations);
    add("live.bytes", bytes);
    add("live.streams", streams);
    add("live.events", events);
    add("live.modules", modules);
    add("live.contexts", contexts.size());
    add("live.pinnedAllocations", hostMemory.allocationCount());
    add("live.pinnedBytes", hostMemory.allocatedBytes());
    add("peak.bytes", peak);
    return text;
}

std::string Simulation::command(const std::string& line) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    if (line.rfind("set ", 0) == 0) {
        std::string wrong = settings.apply(line.substr(4));
        for (auto& device : devices) device->memory.limit(settings.memoryBytes);
        if (isInitialised) makeDevices();
        return wrong.empty() ? "" : "error: " + wrong;
    }
    if (line == "reset") return resetAll();
    if (line == "counters") return countersText();
    if (line == "faults") return faultLog();
    std::string text;
    if (line == "leaks") {
        for (const auto& device : devices) text += device->leaks();
        if (hostMemory.allocationCount() > 0) {
            text += format("%llu pinned host allocations, %llu bytes alive\n", static_cast<unsigned long long>(hostMemory.allocationCount()),
                           static_cast<unsigned long long>(hostMemory.allocatedBytes()));
        }
        uint64_t created = counters["cublas.created"], destroyed = counters["cublas.destroyed"];
        if (created > destroyed) text += format("%llu cuBLAS handles alive\n", static_cast<unsigned long long>(created - destroyed));
        return text;
    }
    if (line == "reports") {
        for (const std::string& report : reports) text += report;
        return text;
    }
    return "error: unknown command " + line;
}

Simulation& simulation() {
    // Never destroyed: daemon threads may still call while the process exits.
    static Simulation* only = new Simulation();
    return *only;
}

std::vector<Context*>& contextStack() {
    static thread_local std::vector<Context*> stack;
    return stack;
}

Device* currentDevice() {
    auto& stack = contextStack();
    if (stack.empty() || simulation().contexts.count(stack.back()) == 0) return nullptr;
    return stack.back()->device;
}

int callWithoutDevice(const char* function, Need need, const std::function<int()>& body) {
    Simulation& sim = simulation();
    std::lock_guard<std::recursive_mutex> lock(sim.mutex);
    sim.counters[std::string("call.") + function]++;
    if (sim.settings.isTraced) logLine(function);
    if (int code = sim.injectedFault(function); code != 0) return code;
    if (need != Need::Nothing && !sim.isInitialised) return NOT_INITIALIZED;
    try {
        return body();
    } catch (const std::exception& problem) {
        logFault(std::string(function) + ": " + problem.what());
        return LAUNCH_FAILED;
    }
}

int call(const char* function, Need need, const std::function<int(Device&)>& body) {
    return callWithoutDevice(function, need, [&] {
        auto& stack = contextStack();
        Device* device = currentDevice();
        if (device == nullptr) {
            logLine(std::string(function) + (stack.empty() ? ": no context is current to this thread" : ": the context was destroyed"));
            return static_cast<int>(stack.empty() ? INVALID_CONTEXT : CONTEXT_IS_DESTROYED);
        }
        if (device->stickyCode() != 0) return device->stickyCode();
        int code = body(*device);
        return device->stickyCode() != 0 ? device->stickyCode() : code;
    });
}

namespace {

/// For processes that no test can ask: counters and leaks go to a file when they end.
__attribute__((destructor)) void writeReport() {
    const char* path = std::getenv("TESSERA_SIM_REPORT");
    if (path == nullptr) return;
    std::FILE* file = std::fopen(path, "a");
    if (file == nullptr) return;
    Simulation& sim = simulation();
    std::fprintf(file, "%s%s%s", sim.command("counters").c_str(), sim.command("leaks").c_str(), sim.command("reports").c_str());
    std::fclose(file);
}

}  // namespace

}  // namespace sim
