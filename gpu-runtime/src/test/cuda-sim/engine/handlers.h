// Handlers that more than one file names.
#pragma once

#include "engine/program.h"

namespace sim {

/// Ends the executing threads.
void exitThread(Warp& warp, const Instruction& in);

/// An unconditional jump of the executing threads; conditional with a guard.
void jump(Warp& warp, const Instruction& in);

/// d = a, from 32 bits to 64.
void widenAddress(Warp& warp, const Instruction& in);

}  // namespace sim
