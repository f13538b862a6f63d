// A parsed PTX module. Names of registers and variables are resolved; labels and functions are still names.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ptx/type.h"

namespace sim {

enum class Space : uint8_t { Generic, Global, Const, Shared, Local, Param };

struct Variable {
    std::string name;
    Space space = Space::Global;
    Type type = Type::None;  ///< of one element
    int alignment = 1;       ///< bytes
    uint64_t size = 0;       ///< bytes; 0 of an unsized extern array
    bool isExtern = false;
    std::vector<uint8_t> initial;  ///< may be shorter than size: the rest is zero

    /// Places in the initial bytes that hold the address of another variable.
    struct Reference {
        uint64_t offset;
        std::string name;
        uint64_t addend;
    };
    std::vector<Reference> references;
};

struct Operand {
    enum class Kind : uint8_t {
        Register,   ///< index into Function::registers
        Special,    ///< %tid.x and the like, by name
        Integer,    ///< bits
        Float32,    ///< bits
        Float64,    ///< bits
        Address,    ///< [base + bits], base a register, a variable or nothing
        Variable,   ///< the address of a variable, plus bits
        Vector,     ///< {a, b}, and a|b, and (a, b)
        Sink,       ///< _
        Name,       ///< a label or a function
    };

    Kind kind = Kind::Sink;
    int index = -1;
    uint64_t bits = 0;
    std::string name;
    const sim::Variable* variable = nullptr;
    std::vector<Operand> elements;
};

struct Statement {
    int line = 0;
    std::string label;   ///< if this is a label and nothing else
    std::string opcode;  ///< with all modifiers
    int guard = -1;      ///< a predicate register
    bool guardNegated = false;
    std::vector<Operand> operands;
};

struct Function {
    std::string name;
    bool isEntry = false;
    bool hasBody = false;
    std::vector<const Variable*> results;
    std::vector<const Variable*> parameters;
    std::vector<Type> registers;
    std::vector<std::unique_ptr<Variable>> variables;  ///< owns parameters, results and all locals
    std::vector<Statement> body;
    std::map<std::string, std::vector<std::string>> branchTables;
    uint32_t requiredThreads[3] = {0, 0, 0};  ///< .reqntid, or zeros
    uint32_t maximalThreads = 0;              ///< the product of .maxntid, or 0
};

struct Module {
    int version = 0;       ///< 88 is 8.8
    int architecture = 0;  ///< 80 is sm_80
    std::vector<std::unique_ptr<Variable>> variables;
    std::map<std::string, std::unique_ptr<Function>> functions;
};

/// Throws PtxError with the line.
std::unique_ptr<Module> parse(const std::string& source);

}  // namespace sim
