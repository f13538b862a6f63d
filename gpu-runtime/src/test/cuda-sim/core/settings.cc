#include "core/settings.h"

#include <cstdlib>

#include "core/codes.h"
#include "core/errors.h"

namespace sim {

namespace {

/// With a suffix k, m or g.
uint64_t bytesOf(const std::string& text) {
    char* end = nullptr;
    uint64_t value = std::strtoull(text.c_str(), &end, 10);
    switch (*end) {
        case 'k': return value << 10;
        case 'm': return value << 20;
        case 'g': return value << 30;
        default: return value;
    }
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    size_t from = 0;
    for (size_t at; (at = text.find(separator, from)) != std::string::npos; from = at + 1) parts.push_back(text.substr(from, at - from));
    parts.push_back(text.substr(from));
    return parts;
}

}  // namespace

std::string Settings::apply(const std::string& assignment) {
    size_t equals = assignment.find('=');
    if (equals == std::string::npos) return "no '=' in " + assignment;
    std::string name = assignment.substr(0, equals), value = assignment.substr(equals + 1);
    auto parts = split(value, ':');
    uint64_t number = std::strtoull(value.c_str(), nullptr, 10);
    if (name == "memory") memoryBytes = bytesOf(value);
    else if (name == "devices") devices = static_cast<int>(number);
    else if (name == "seed") seed = number;
    else if (name == "noise") noiseUlps = static_cast<int>(number);
    else if (name == "strictBarriers") strictBarriers = number != 0;
    else if (name == "eager") isEager = number != 0;
    else if (name == "trace") isTraced = number != 0;
    else if (name == "budget") instructionBudget = number;
    else if (name == "lose") {
        failingOperation = number;
        operationCode = DEVICE_UNAVAILABLE;
        losesDevice = true;
    } else if (name == "sticky" && parts.size() == 2) {
        failingOperation = number;
        operationCode = std::atoi(parts[1].c_str());
        losesDevice = false;
    } else if (name == "fail" && parts.size() == 3) {
        bool andLater = !parts[1].empty() && parts[1].back() == '+';
        faults.push_back({parts[0], std::strtoull(parts[1].c_str(), nullptr, 10), andLater, std::atoi(parts[2].c_str())});
    } else {
        return "unknown switch " + assignment;
    }
    return "";
}

}  // namespace sim
