// Where shared, local and parameter memory appear among generic addresses. Device allocations lie far above.
#pragma once

#include <cstdint>

namespace sim {

constexpr uint64_t WINDOW_SIZE = 0x01000000;
constexpr uint64_t SHARED_WINDOW = 0x01000000;
constexpr uint64_t LOCAL_WINDOW = 0x02000000;
constexpr uint64_t PARAM_WINDOW = 0x03000000;
constexpr uint64_t WINDOWS_END = 0x04000000;

}  // namespace sim
