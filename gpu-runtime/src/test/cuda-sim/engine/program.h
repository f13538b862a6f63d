// A kernel made ready to run: calls inlined, registers and addresses assigned, one handler per instruction.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ptx/module.h"

namespace sim {

constexpr int WARP_SIZE = 32;
constexpr uint32_t NO_REGISTER = ~uint32_t{0};

class Warp;
struct Instruction;

using Handler = void (*)(Warp&, const Instruction&);

/// Operands are byte offsets into the registers of a warp, where each register has 32 lanes side by side; a
/// predicate is one 32-bit mask. An immediate is a register that nobody writes.
struct Instruction {
    Handler run = nullptr;
    uint32_t d = NO_REGISTER, a = NO_REGISTER, b = NO_REGISTER, c = NO_REGISTER;
    uint32_t guard = NO_REGISTER;
    uint32_t guardFlip = 0;  ///< all ones if the guard is negated
    uint32_t vector[4] = {NO_REGISTER, NO_REGISTER, NO_REGISTER, NO_REGISTER};
    uint32_t target = 0;     ///< of a branch: an index into the code
    int32_t line = 0;        ///< in the PTX
    int64_t immediate = 0;   ///< the offset of an address
    const std::vector<uint32_t>* table = nullptr;  ///< of brx.idx
    const char* opcode = "";
};

enum class Special : uint8_t { TidX, TidY, TidZ, NtidX, NtidY, NtidZ, CtaidX, CtaidY, CtaidZ, NctaidX, NctaidY, NctaidZ,
    LaneId, WarpId, NwarpId, SmId, NsmId, GridId, LanemaskEq, LanemaskLe, LanemaskLt, LanemaskGe, LanemaskGt,
    DynamicSmemSize, Clock, Clock64 };

struct Program {
    struct Constant {
        uint32_t offset;
        int size;  ///< bytes per lane; 0 of a predicate
        uint64_t bits;
    };
    struct SpecialRegister {
        uint32_t offset;
        Special special;
        int size;
    };
    struct Parameter {
        uint32_t offset, size;
    };

    std::string name;
    std::vector<Instruction> code;
    std::vector<Constant> constants;
    std::vector<SpecialRegister> specials;
    std::vector<Parameter> parameters;
    uint32_t parameterBytes = 0;
    uint32_t registerBytes = 0;
    uint32_t registerCount = 0;
    uint32_t localBytes = 0;         ///< per thread
    uint32_t staticSharedBytes = 0;  ///< dynamic shared memory begins there, rounded up to 16
    bool sharesBytes = false;        ///< shared memory is accessed in units smaller than four bytes
    uint32_t requiredThreads[3] = {0, 0, 0};
    uint32_t maximalThreads = 0;
    std::vector<std::unique_ptr<std::vector<uint32_t>>> tables;
    std::vector<std::unique_ptr<std::string>> opcodes;
};

/// Where a module's .global and .const variables lie in device memory.
using AddressOf = std::function<uint64_t(const std::string& variable)>;

/// Throws PtxError for what the interpreter does not know.
std::unique_ptr<Program> assemble(const Module& module, const Function& entry, const AddressOf& addressOf);

}  // namespace sim
