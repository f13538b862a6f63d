#include "device/device.h"

#include <algorithm>

#include "core/codes.h"
#include "core/errors.h"
#include "core/log.h"

namespace sim {

Device::Device(int ordinal, Settings& settings, std::map<std::string, uint64_t>& counters)
    : ordinal(ordinal), memory(ordinal), settings(settings), counters(counters) {
    memory.limit(settings.memoryBytes);
    legacy.device = this;
}

Stream* Device::createStream(bool isBlocking) {
    auto made = std::make_unique<Stream>();
    made->device = this;
    made->isBlocking = isBlocking;
    Stream* stream = made.get();
    streams[stream] = std::move(made);
    return stream;
}

bool Device::isStream(const Stream* stream) const { return stream == nullptr || streams.count(const_cast<Stream*>(stream)) > 0; }

void Device::destroyStream(Stream* stream) {
    // As on hardware, what is pending still runs; here at once, since nobody could ask for it later.
    if (stream->last != nullptr) complete(stream->last);
    legacy.last = legacy.last != nullptr && legacy.last->isDone ? nullptr : legacy.last;
    streams.erase(stream);
}

std::shared_ptr<Operation> Device::enqueue(Stream* asked, const std::string& kind, std::function<double()> action) {
    Stream* stream = resolve(asked);
    auto operation = std::make_shared<Operation>();
    operation->kind = kind;
    operation->stream = stream;
    operation->action = std::move(action);
    auto comesAfter = [&](const Stream& other) {
        if (other.last != nullptr && !other.last->isDone) operation->after.push_back(other.last);
    };
    if (stream == &legacy) {
        for (const auto& [pointer, other] : streams) {
            if (other->isBlocking) comesAfter(*other);
        }
    } else if (stream->isBlocking) {
        comesAfter(legacy);
    }
    stream->pending.push_back(operation);
    stream->last = operation;
    counters["operations"]++;
    if (settings.isEager) complete(operation);
    return operation;
}

void Device::demand(const std::shared_ptr<Operation>& operation) {
    if (settings.seed != 0) {
        if (random == std::mt19937_64()) random.seed(settings.seed);
        while (!operation->isDone && random() % 2 == 0) {
            Stream* stream = randomBusyStream();
            if (stream != nullptr) advance(stream);
        }
    }
    complete(operation);
}

Stream* Device::randomBusyStream() {
    std::vector<Stream*> busy;
    if (!legacy.pending.empty()) busy.push_back(&legacy);
    for (const auto& [stream, owned] : streams) {
        if (!stream->pending.empty()) busy.push_back(stream);
    }
    return busy.empty() ? nullptr : busy[random() % busy.size()];
}

void Device::demandAll() {
    if (settings.seed != 0) {
        while (Stream* stream = randomBusyStream()) advance(stream);
        return;
    }
    if (legacy.last != nullptr) complete(legacy.last);
    for (const auto& [stream, owned] : streams) {
        if (stream->last != nullptr) complete(stream->last);
    }
}

void Device::advance(Stream* asked) {
    Stream* stream = resolve(asked);
    if (stream->pending.empty()) return;
    auto next = stream->pending.front();
    complete(next);
}

bool Device::isIdle(Stream* stream) const { return (stream == nullptr ? legacy : *stream).pending.empty(); }

void Device::complete(const std::shared_ptr<Operation>& operation) {
    while (!operation->isDone) {
        auto next = operation->stream->pending.front();
        for (const auto& earlier : next->after) complete(earlier);
        next->stream->pending.pop_front();
        next->stream->device->execute(*next);
    }
}

void Device::execute(Operation& operation) {
    double start = operation.stream->clock;
    for (const auto& earlier : operation.after) start = std::max(start, earlier->end);
    double duration = 0;
    try {
        if (settings.failingOperation > 0 && sticky == 0 && --settings.failingOperation == 0) {
            isLost = settings.losesDevice;
            throw DeviceFault(settings.operationCode, isLost ? "the device is lost, as asked" : "an operation fails, as asked");
        }
        if (sticky == 0) duration = operation.action();
    } catch (const DeviceFault& fault) {
        fail(fault.code, operation.kind + ": " + fault.what());
    }
    operation.end = operation.stream->clock = start + duration;
    operation.isDone = true;
    operation.action = nullptr;
    operation.after.clear();
}

void Device::fail(int code, const std::string& message) {
    counters["faults"]++;
    logFault(format("device %d: error %d: %s", ordinal, code, message.c_str()));
    if (sticky == 0) sticky = code;
}

void Device::waitFor(Stream* stream, const std::shared_ptr<Operation>& operation) {
    auto wait = enqueue(stream, "wait for an event", [] { return 0.0; });
    if (!wait->isDone && !operation->isDone) wait->after.push_back(operation);
}

Event* Device::createEvent(bool hasTiming) {
    auto made = std::make_unique<Event>();
    made->hasTiming = hasTiming;
    Event* event = made.get();
    events[event] = std::move(made);
    return event;
}

void Device::destroyEvent(Event* event) { events.erase(event); }

LoadedModule* Device::adopt(std::unique_ptr<LoadedModule> module) {
    LoadedModule* kept = module.get();
    kept->device = this;
    modules[kept] = std::move(module);
    return kept;
}

void Device::unload(LoadedModule* module) {
    for (const auto& [name, address] : module->addresses) memory.free(address);
    modules.erase(module);
}

std::vector<const LoadedModule*> Device::loadedModules() const {
    std::vector<const LoadedModule*> all;
    for (const auto& [module, owned] : modules) all.push_back(module);
    return all;
}

std::string Device::leaks() const {
    size_t allocations = 0;
    uint64_t bytes = 0;
    for (const auto& [begin, allocation] : memory.allocations()) {
        if (allocation.isModule) continue;
        allocations++;
        bytes += allocation.end - allocation.begin;
    }
    std::string text;
    if (allocations > 0) text += format("device %d: %zu device allocations, %llu bytes alive\n", ordinal, allocations, static_cast<unsigned long long>(bytes));
    if (!streams.empty()) text += format("device %d: %zu streams alive\n", ordinal, streams.size());
    if (!events.empty()) text += format("device %d: %zu events alive\n", ordinal, events.size());
    if (!modules.empty()) text += format("device %d: %zu modules alive\n", ordinal, modules.size());
    return text;
}

void Device::reset(bool revives) {
    legacy = Stream();
    legacy.device = this;
    streams.clear();
    events.clear();
    modules.clear();
    memory.freeAll();
    memory.limit(settings.memoryBytes);
    if (revives) isLost = false;
    if (!isLost) sticky = 0;
    random = std::mt19937_64();
}

}  // namespace sim
