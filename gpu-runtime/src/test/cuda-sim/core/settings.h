// The switches of the simulation: from the environment variable TESSERA_SIM and from commands.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

/// A call of a driver or cuBLAS function that is to fail.
struct FaultRule {
    std::string function;  ///< without a version suffix: cuMemAlloc
    uint64_t nth;          ///< counted from the setting of the rule, from 1
    bool andLater;         ///< all from the nth on
    int code;
    uint64_t seen = 0;
};

struct Settings {
    uint64_t memoryBytes = uint64_t{512} << 20;  ///< of each device
    int devices = 1;
    uint64_t seed = 0;
    int noiseUlps = 0;
    bool strictBarriers = false;
    bool isEager = false;  ///< run operations when they are enqueued: hides missing synchronisation
    bool isTraced = false;
    uint64_t instructionBudget = uint64_t{20} << 30;
    uint64_t failingOperation = 0;  ///< the number, from now, of the stream operation that fails; 0: none
    int operationCode = 0;
    bool losesDevice = false;
    std::vector<FaultRule> faults;

    /// One switch, "name=value". Returns what is wrong with it, or an empty text.
    std::string apply(const std::string& assignment);
};

}  // namespace sim
