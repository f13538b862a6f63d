// The two ways in which simulated work goes wrong.
#pragma once

#include <cstdarg>
#include <stdexcept>
#include <string>

namespace sim {

/// printf into a string.
__attribute__((format(printf, 1, 2))) inline std::string format(const char* pattern, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, pattern);
    vsnprintf(text, sizeof text, pattern, arguments);
    va_end(arguments);
    return text;
}

/// PTX that cannot be loaded: malformed, or with something that the interpreter does not know.
class PtxError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Device work that failed while it ran. Sticky, as on hardware: the device is unusable until it is reset.
class DeviceFault : public std::runtime_error {
public:
    DeviceFault(int code, const std::string& message) : std::runtime_error(message), code(code) {}

    const int code;
};

}  // namespace sim
