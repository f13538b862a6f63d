#include "core/log.h"

#include <cstdio>
#include <mutex>

namespace sim {

namespace {
constexpr size_t KEPT = 1 << 16;

struct Kept {
    std::mutex mutex;
    std::string text;
};

// Never destroyed: daemon threads may still log while the process exits.
Kept& kept() {
    static Kept* log = new Kept();
    return *log;
}
}  // namespace

void logLine(const std::string& text) { std::fprintf(stderr, "[cuda-sim] %s\n", text.c_str()); }

void logFault(const std::string& text) {
    logLine(text);
    std::lock_guard<std::mutex> lock(kept().mutex);
    if (kept().text.size() < KEPT) kept().text += text + "\n";
}

std::string faultLog() {
    std::lock_guard<std::mutex> lock(kept().mutex);
    return kept().text;
}

void forgetFaults() {
    std::lock_guard<std::mutex> lock(kept().mutex);
    kept().text.clear();
}

}  // namespace sim
