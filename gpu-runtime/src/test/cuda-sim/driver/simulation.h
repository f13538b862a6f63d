// All state of the simulated driver, and the gate that every call goes through.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/codes.h"
#include "core/errors.h"
#include "core/log.h"
#include "core/settings.h"
#include "device/device.h"
#include "memory/host_memory.h"

namespace sim {

struct Context {
    Device* device;
    bool isPrimary;
};

class Simulation {
public:
    Simulation();

    std::recursive_mutex mutex;  ///< held during every call; the simulation is one machine
    Settings settings;
    std::map<std::string, uint64_t> counters;
    HostMemory hostMemory;
    std::vector<std::unique_ptr<Device>> devices;
    std::map<Context*, std::unique_ptr<Context>> contexts;
    std::vector<std::string> reports;  ///< of leaks, when contexts were released
    bool isInitialised = false;

    /// The code that an injected fault gives to this call, or 0.
    int injectedFault(const std::string& function);

    void makeDevices();
    Context* createContext(Device& device, bool isPrimary);

    /// Reports leaks and frees all if it was the last one of the device.
    void destroyContext(Context* context);
    Context* primaryContext(const Device& device);

    /// Executes one of: "set name=value", "reset", "counters", "leaks", "reports", "faults".
    std::string command(const std::string& line);
    std::string countersText();

private:
    std::string resetAll();
};

Simulation& simulation();

/// The contexts of the calling thread; the last one is current.
std::vector<Context*>& contextStack();

/// The device of the current context, or null.
Device* currentDevice();

enum class Need { Nothing, Initialised, Context };

/// The frame of every API function: takes the lock, counts, injects faults, checks what the call needs, and returns
/// the sticky error of the device if there is one, before and after the body.
int call(const char* function, Need need, const std::function<int(Device&)>& body);

/// For calls that touch no device.
int callWithoutDevice(const char* function, Need need, const std::function<int()>& body);

}  // namespace sim
