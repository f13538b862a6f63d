#include "engine/emitter.h"

#include <algorithm>
#include <cstring>

#include "core/errors.h"

namespace sim {

Emitter::Emitter(Layout& layout, const Statement& statement) : layout(layout), statement(statement) {
    size_t from = 0;
    const std::string& text = statement.opcode;
    for (size_t dot; (dot = text.find('.', from)) != std::string::npos; from = dot + 1) words.push_back(text.substr(from, dot - from));
    words.push_back(text.substr(from));
    in.line = statement.line;
}

bool Emitter::take(std::string_view modifier) {
    auto found = std::find(words.begin() + 1, words.end(), modifier);
    if (found == words.end()) return false;
    words.erase(found);
    return true;
}

Type Emitter::takeType() {
    for (auto word = words.begin() + 1; word != words.end(); ++word) {
        Type type = typeNamed(*word);
        if (type == Type::None) continue;
        words.erase(word);
        return type;
    }
    unsupported();
}

const Operand& Emitter::operand(size_t i) const {
    if (i >= statement.operands.size()) unsupported("too few operands");
    return statement.operands[i];
}

int Emitter::registerSize(const Operand& operand) const { return sizeOf(layout.registerType(operand.index)); }

uint32_t Emitter::destination(const Operand& operand, int size) {
    if (operand.kind == Operand::Kind::Sink) return layout.scratch(size);
    if (operand.kind != Operand::Kind::Register) unsupported("the destination is no register");
    if (registerSize(operand) != size) unsupported("the destination register has another size");
    return layout.registerAt(operand.index);
}

uint32_t Emitter::source(const Operand& operand, Type type) {
    int size = sizeOf(type);
    switch (operand.kind) {
        case Operand::Kind::Register:
            if (registerSize(operand) != size) unsupported("a source register has another size");
            return layout.registerAt(operand.index);
        case Operand::Kind::Special: return layout.special(operand.name, size, statement.line);
        case Operand::Kind::Variable: return layout.constant(size, layout.addressOf(*operand.variable) + operand.bits);
        case Operand::Kind::Integer:
            if (isFloat(type)) unsupported("an integer where a float belongs");
            return layout.constant(size, operand.bits);
        case Operand::Kind::Float32:
            if (size != 4) unsupported("a 32-bit float where another type belongs");
            return layout.constant(size, operand.bits);
        case Operand::Kind::Float64: {
            if (size == 8) return layout.constant(size, operand.bits);
            if (type != Type::F32) unsupported("a 64-bit float where another type belongs");
            double wide;
            memcpy(&wide, &operand.bits, sizeof wide);
            auto narrow = static_cast<float>(wide);
            uint32_t bits;
            memcpy(&bits, &narrow, sizeof bits);
            return layout.constant(size, bits);
        }
        default: unsupported("a source that is no value");
    }
}

int Emitter::looseSource(const Operand& operand, Type type, uint32_t& reg) {
    if (operand.kind != Operand::Kind::Register) {
        reg = source(operand, type);
        return sizeOf(type);
    }
    if (registerSize(operand) < sizeOf(type)) unsupported("a source register is too small");
    reg = layout.registerAt(operand.index);
    return registerSize(operand);
}

void Emitter::address(size_t i, Space& space) {
    const Operand& address = operand(i);
    if (address.kind != Operand::Kind::Address) unsupported("expected an address");
    if (address.variable != nullptr) {
        space = layout.spaceOf(*address.variable);
        in.a = layout.constant(8, layout.addressOf(*address.variable));
        in.immediate = static_cast<int64_t>(address.bits);
    } else if (address.index >= 0) {
        bool isNarrow = registerSize(address) == 4 && (space == Space::Shared || space == Space::Local || space == Space::Param);
        if (registerSize(address) != 8 && !isNarrow) unsupported("the address has another size");
        in.a = layout.registerAt(address.index);
        if (isNarrow) in.a = layout.widened(in.a);
        in.immediate = static_cast<int64_t>(address.bits);
    } else {
        in.a = layout.constant(8, address.bits);
    }
}

void Emitter::unsupported() const { unsupported(""); }

void Emitter::unsupported(const std::string& why) const {
    throw PtxError(format("unsupported PTX opcode %s at line %d%s%s", statement.opcode.c_str(), statement.line, why.empty() ? "" : ": ", why.c_str()));
}

void Emitter::finish(Handler handler, size_t operands) {
    if (words.size() > 1 || handler == nullptr || statement.operands.size() != operands) unsupported();
    in.run = handler;
}

}  // namespace sim
