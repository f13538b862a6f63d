#include "engine/block.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "core/codes.h"
#include "core/errors.h"

namespace sim {

namespace {

constexpr size_t ALIGNMENT = 64;

std::vector<uint64_t> orderOf(uint64_t count, uint64_t seed) {
    std::vector<uint64_t> order(count);
    std::iota(order.begin(), order.end(), uint64_t{0});
    if (seed != 0) {
        std::mt19937_64 random(seed);
        std::shuffle(order.begin(), order.end(), random);
    }
    return order;
}

uint64_t roundUp(uint64_t value, uint64_t unit) { return (value + unit - 1) / unit * unit; }

}  // namespace

Block::Block(const Launch& launch, DeviceMemory& memory) : launch(launch), memory(memory) {
    const Program& program = *launch.program;
    size_t warpCount = (launch.block.count() + WARP_SIZE - 1) / WARP_SIZE;
    warps.resize(warpCount);
    uint64_t sharedBytes = program.staticSharedBytes;
    if (launch.dynamicSharedBytes > 0) sharedBytes = roundUp(sharedBytes, 16) + launch.dynamicSharedBytes;
    shared.shape(static_cast<uint32_t>(sharedBytes), program.sharesBytes ? 0 : 2);

    size_t perWarp = roundUp(program.registerBytes, ALIGNMENT);
    registerFile.reset(new uint8_t[perWarp * warpCount + ALIGNMENT]());
    auto first = roundUp(reinterpret_cast<uint64_t>(registerFile.get()), ALIGNMENT);
    localMemory.resize(warpCount * WARP_SIZE * program.localBytes);
    for (size_t i = 0; i < warpCount; i++) {
        warps[i].registers = reinterpret_cast<uint8_t*>(first) + i * perWarp;
        warps[i].local = localMemory.data() + i * WARP_SIZE * program.localBytes;
    }
    prepareRegisters();
}

void Block::prepareRegisters() {
    for (Warp& warp : warps) {
        for (const Program::Constant& constant : launch.program->constants) {
            if (constant.size == 0) warp.predicate(constant.offset) = constant.bits != 0 ? FULL_MASK : 0;
            for (int lane = 0; lane < WARP_SIZE && constant.size > 0; lane++) {
                memcpy(warp.registers + constant.offset + lane * constant.size, &constant.bits, static_cast<size_t>(constant.size));
            }
        }
    }
}

void Block::setSpecial(const Program::SpecialRegister& special, uint32_t warp) {
    for (uint32_t lane = 0; lane < WARP_SIZE; lane++) {
        Dim3 thread = launch.block.at(warp * WARP_SIZE + lane);
        uint64_t value = 0;
        switch (special.special) {
            case Special::TidX: value = thread.x; break;
            case Special::TidY: value = thread.y; break;
            case Special::TidZ: value = thread.z; break;
            case Special::NtidX: value = launch.block.x; break;
            case Special::NtidY: value = launch.block.y; break;
            case Special::NtidZ: value = launch.block.z; break;
            case Special::CtaidX: value = blockIndex.x; break;
            case Special::CtaidY: value = blockIndex.y; break;
            case Special::CtaidZ: value = blockIndex.z; break;
            case Special::NctaidX: value = launch.grid.x; break;
            case Special::NctaidY: value = launch.grid.y; break;
            case Special::NctaidZ: value = launch.grid.z; break;
            case Special::LaneId: value = lane; break;
            case Special::WarpId: value = warp; break;
            case Special::NwarpId: value = warps.size(); break;
            case Special::SmId: value = 0; break;
            case Special::NsmId: value = 1; break;
            case Special::GridId: value = 1; break;
            case Special::LanemaskEq: value = 1u << lane; break;
            case Special::LanemaskLe: value = (2u << lane) - 1; break;
            case Special::LanemaskLt: value = (1u << lane) - 1; break;
            case Special::LanemaskGe: value = ~((1u << lane) - 1); break;
            case Special::LanemaskGt: value = ~((2u << lane) - 1); break;
            case Special::DynamicSmemSize: value = launch.dynamicSharedBytes; break;
            case Special::Clock:
            case Special::Clock64: value = 0; break;
        }
        memcpy(warps[warp].registers + special.offset + lane * static_cast<uint32_t>(special.size), &value, static_cast<size_t>(special.size));
    }
}

void Block::run(Dim3 index) {
    blockIndex = index;
    shared.beginBlock();
    if (!localMemory.empty()) memset(localMemory.data(), SharedMemory::POISON, localMemory.size());
    uint64_t threads = launch.block.count();
    for (uint32_t i = 0; i < warps.size(); i++) {
        for (const auto& special : launch.program->specials) setSpecial(special, i);
        warps[i].begin(*this, *launch.program, i, static_cast<uint32_t>(std::min<uint64_t>(WARP_SIZE, threads - uint64_t{i} * WARP_SIZE)));
    }
    uint64_t blockNumber = index.x + uint64_t{launch.grid.x} * (index.y + uint64_t{launch.grid.y} * index.z);
    auto order = orderOf(warps.size(), launch.seed == 0 ? 0 : launch.seed + blockNumber + 1);
    for (bool isDone = false; !isDone;) {
        for (uint64_t i : order) {
            if (warps[i].state == Warp::State::Running) warps[i].run();
        }
        isDone = !releaseBarriers();
    }
}

bool Block::releaseBarriers() {
    uint32_t waiting = 0, running = 0;
    const Warp* first = nullptr;
    for (const Warp& warp : warps) {
        if (warp.state == Warp::State::AtBarrier) {
            waiting++;
            if (first == nullptr) first = &warp;
        }
    }
    if (waiting == 0) return false;
    bool isReleased = false;
    for (uint32_t id = 0; id < 16; id++) {
        uint32_t arrived = 0, needed = 0;
        for (const Warp& warp : warps) {
            if (warp.state != Warp::State::AtBarrier || warp.barrier.id != id) continue;
            arrived++;
            needed = warp.barrier.threads;
        }
        running = static_cast<uint32_t>(std::count_if(warps.begin(), warps.end(), [](const Warp& warp) { return warp.state != Warp::State::Done; }));
        bool isComplete = needed == 0 ? arrived == running : arrived * WARP_SIZE >= needed;
        if (arrived > 0 && isComplete) {
            release(id, arrived);
            isReleased = true;
        }
    }
    if (!isReleased) {
        throw DeviceFault(LAUNCH_FAILED, format("deadlock: %u of %zu warps wait at barriers that the others never reach, in kernel %s, %s", waiting, warps.size(),
                                                launch.program->name.c_str(), whereIs(first->index() * WARP_SIZE).c_str()));
    }
    return true;
}

void Block::release(uint32_t id, uint32_t) {
    uint32_t count = 0, lanes = 0, exited = 0;
    for (Warp& warp : warps) {
        exited += static_cast<uint32_t>(__builtin_popcount(warp.startedLanes() & ~warp.liveLanes()));
        if (warp.state != Warp::State::AtBarrier || warp.barrier.id != id) continue;
        count += static_cast<uint32_t>(__builtin_popcount(warp.barrier.votes));
        lanes += static_cast<uint32_t>(__builtin_popcount(warp.liveLanes()));
    }
    if (launch.strictBarriers && exited > 0) {
        throw DeviceFault(LAUNCH_FAILED, format("barrier %u reached by %u of %llu threads (others exited) in kernel %s, %s", id, lanes,
                                                static_cast<unsigned long long>(launch.block.count()), launch.program->name.c_str(), whereIs(0).c_str()));
    }
    for (Warp& warp : warps) {
        if (warp.state != Warp::State::AtBarrier || warp.barrier.id != id) continue;
        using Reduction = Warp::Barrier::Reduction;
        if (warp.barrier.reduction == Reduction::Count) {
            std::fill_n(warp.lanes<uint32_t>(warp.barrier.destination), WARP_SIZE, count);
        } else if (warp.barrier.reduction != Reduction::None) {
            bool holds = warp.barrier.reduction == Reduction::And ? count == lanes : count > 0;
            warp.predicate(warp.barrier.destination) = holds ? FULL_MASK : 0;
        }
        warp.resume();
    }
    shared.barrier();
}

uint64_t Block::executedInstructions() const {
    uint64_t sum = 0;
    for (const Warp& warp : warps) sum += warp.executedInstructions();
    return sum;
}

std::string Block::whereIs(uint32_t thread) const {
    Dim3 at = launch.block.at(thread);
    return format("block (%u,%u,%u) thread (%u,%u,%u)", blockIndex.x, blockIndex.y, blockIndex.z, at.x, at.y, at.z);
}

uint64_t runGrid(const Launch& launch, DeviceMemory& memory) {
    Block block(launch, memory);
    uint64_t executed = 0;
    auto runAt = [&](uint64_t index) {
        block.run(launch.grid.at(index));
        executed += block.executedInstructions();
        if (executed > launch.instructionBudget) {
            throw DeviceFault(LAUNCH_TIMEOUT, format("kernel %s ran for more than the budget of %llu instructions", launch.program->name.c_str(),
                                                     static_cast<unsigned long long>(launch.instructionBudget)));
        }
    };
    if (launch.seed == 0) {
        for (uint64_t i = 0; i < launch.grid.count(); i++) runAt(i);
    } else {
        for (uint64_t i : orderOf(launch.grid.count(), launch.seed)) runAt(i);
    }
    return executed;
}

}  // namespace sim
