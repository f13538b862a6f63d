// One PTX instruction on its way to becoming a handler with operands.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/program.h"

namespace sim {

/// Assigns registers, constants and addresses while a kernel is assembled.
class Layout {
public:
    virtual ~Layout() = default;
    virtual uint32_t registerAt(int index) = 0;
    virtual Type registerType(int index) = 0;
    virtual uint32_t constant(int size, uint64_t bits) = 0;
    virtual uint32_t special(const std::string& name, int size, int line) = 0;
    virtual uint32_t scratch(int size) = 0;
    virtual uint64_t addressOf(const Variable& variable) = 0;

    /// The space to access a variable in: a parameter of a call lies in local memory.
    virtual Space spaceOf(const Variable& variable) = 0;
    virtual void sharesBytes() = 0;

    /// A register with the 32-bit address of another one, extended to 64 bits; an instruction before this one does it.
    virtual uint32_t widened(uint32_t reg) = 0;

    /// The jump table of a label.
    virtual const std::vector<uint32_t>* branchTable(const std::string& label, int line) = 0;

    /// Makes a branch of the instruction, whose target is set when the label is known.
    virtual void jumpsTo(const std::string& label) = 0;

    /// Whether the statement belongs to the kernel and not to a function that it calls.
    virtual bool isInEntry() const = 0;

    /// Makes the instruction a jump behind the call that it is inlined for.
    virtual void jumpsToReturn() = 0;
};

/// The decoder of an instruction takes every modifier and operand it knows; what is left over is an error, so that
/// nothing is ever half understood.
class Emitter {
public:
    Emitter(Layout& layout, const Statement& statement);

    /// The word before the first dot.
    const std::string& base() const { return words[0]; }

    /// Removes a modifier if it is there.
    bool take(std::string_view modifier);

    /// Removes the next type among the modifiers. Throws if there is none.
    Type takeType();

    size_t operandCount() const { return statement.operands.size(); }
    const Operand& operand(size_t i) const;
    int registerSize(const Operand& operand) const;

    /// A register to write, of exactly that many bytes per lane (0: a predicate). A sink gets a register of its own.
    uint32_t destination(const Operand& operand, int size);
    uint32_t destination(size_t i, Type type) { return destination(operand(i), sizeOf(type)); }

    /// A register to read; immediates and special registers become one.
    uint32_t source(const Operand& operand, Type type);
    uint32_t source(size_t i, Type type) { return source(operand(i), type); }

    /// A register of any size that holds a value of at least that many bytes; returns its size.
    int looseSource(const Operand& operand, Type type, uint32_t& reg);

    /// Sets a (the base register, 64 bits wide) and the immediate from an address operand. The space may become
    /// that of the variable named.
    void address(size_t i, Space& space);

    [[noreturn]] void unsupported() const;
    [[noreturn]] void unsupported(const std::string& why) const;

    /// All modifiers must have been taken.
    void finish(Handler handler, size_t operands);

    Layout& layout;
    Instruction in;
    const Statement& statement;

private:
    std::vector<std::string> words;
};

using Family = void (*)(Emitter&);
using Families = std::unordered_map<std::string, Family>;

void addArithmetic(Families& families);
void addIntegers(Families& families);
void addCarries(Families& families);
void addApproximations(Families& families);
void addComparisons(Families& families);
void addConversions(Families& families);
void addMoves(Families& families);
void addMemory(Families& families);
void addAtomics(Families& families);
void addWarpOperations(Families& families);
void addControl(Families& families);

/// bar.warp.sync, whose first two words are taken.
void decodeWarpBarrier(Emitter& e);

}  // namespace sim
