// What the simulation has to say: on standard error, and kept for whoever asks.
#pragma once

#include <string>

namespace sim {

void logLine(const std::string& text);

/// Also kept: faults are what a test wants to read.
void logFault(const std::string& text);

/// All faults since the last time they were forgotten, one per line.
std::string faultLog();
void forgetFaults();

}  // namespace sim
