// What loads, stores and atomics share.
#pragma once

#include "engine/emitter.h"
#include "engine/warp.h"

namespace sim {

/// Takes the space among the modifiers; generic if there is none.
Space takeSpace(Emitter& e);

/// Takes modifiers that say how memory is cached or ordered, which makes no difference to lockstep execution.
void takeOrdering(Emitter& e);

}  // namespace sim
