// A simulated device: memory, lazily run streams, events, modules, and the error that stays.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/settings.h"
#include "engine/block.h"
#include "memory/device_memory.h"
#include "ptx/module.h"

namespace sim {

class Device;
struct Stream;

/// Work in a stream. It runs when somebody needs it done, and no earlier.
struct Operation {
    std::string kind;
    Stream* stream = nullptr;
    std::vector<std::shared_ptr<Operation>> after;  ///< of other streams, that must run before
    std::function<double()> action;                 ///< returns its simulated duration in nanoseconds
    bool isDone = false;
    double end = 0;  ///< in simulated nanoseconds
};

struct Stream {
    Device* device = nullptr;
    bool isBlocking = true;  ///< ordered with the legacy default stream
    std::deque<std::shared_ptr<Operation>> pending;
    std::shared_ptr<Operation> last;  ///< enqueued latest, done or not
    double clock = 0;
};

struct Event {
    bool hasTiming = true;
    std::shared_ptr<Operation> record;  ///< the latest, or null
};

class Device;

struct LoadedModule {
    Device* device = nullptr;
    std::unique_ptr<Module> code;
    std::map<std::string, uint64_t> addresses;                            ///< of its variables
    std::map<std::string, std::unique_ptr<struct LoadedFunction>> functions;  ///< made when first asked for
};

struct LoadedFunction {
    LoadedModule* module = nullptr;
    std::shared_ptr<const Program> program;
    uint32_t dynamicSharedLimit = 48 * 1024;
};

class Device {
public:
    Device(int ordinal, Settings& settings, std::map<std::string, uint64_t>& counters);

    // Streams. stream may be null: the legacy default stream.
    Stream* createStream(bool isBlocking);
    bool isStream(const Stream* stream) const;
    void destroyStream(Stream* stream);

    /// Puts work at the end of a stream. Work in the default stream comes after all earlier work of blocking streams,
    /// and theirs after it.
    std::shared_ptr<Operation> enqueue(Stream* stream, const std::string& kind, std::function<double()> action);

    /// Runs what must run for this to be done: it and all before it, and with a seed some other legal work too.
    void demand(const std::shared_ptr<Operation>& operation);
    void demandAll();

    /// Runs the next operation of a stream, if there is one.
    void advance(Stream* stream);
    bool isIdle(Stream* stream) const;
    Stream* resolve(Stream* stream) { return stream == nullptr ? &legacy : stream; }

    /// What a wait for an operation of this or another device makes of later work in the stream.
    void waitFor(Stream* stream, const std::shared_ptr<Operation>& operation);

    Event* createEvent(bool hasTiming);
    bool isEvent(const Event* event) const { return events.count(const_cast<Event*>(event)) > 0; }
    void destroyEvent(Event* event);

    LoadedModule* adopt(std::unique_ptr<LoadedModule> module);
    bool isModule(const LoadedModule* module) const { return modules.count(const_cast<LoadedModule*>(module)) > 0; }
    void unload(LoadedModule* module);
    std::vector<const LoadedModule*> loadedModules() const;

    /// The error that every call returns from now on, or 0.
    int stickyCode() const { return sticky; }
    void fail(int code, const std::string& message);

    /// Nothing is left alive, in words; or empty.
    std::string leaks() const;

    /// Frees all that belongs to contexts of the device, and forgets the error unless the device is lost.
    void reset(bool revives);

    const int ordinal;
    DeviceMemory memory;
    int contexts = 0;          ///< alive, the primary one counted once
    int primaryReferences = 0;
    size_t liveStreams() const { return streams.size(); }
    size_t liveEvents() const { return events.size(); }
    size_t liveModules() const { return modules.size(); }

private:
    void complete(const std::shared_ptr<Operation>& operation);
    void execute(Operation& operation);
    Stream* randomBusyStream();

    Settings& settings;
    std::map<std::string, uint64_t>& counters;
    Stream legacy;
    std::map<Stream*, std::unique_ptr<Stream>> streams;
    std::map<Event*, std::unique_ptr<Event>> events;
    std::map<LoadedModule*, std::unique_ptr<LoadedModule>> modules;
    std::mt19937_64 random;
    int sticky = 0;
    bool isLost = false;
};

}  // namespace sim
