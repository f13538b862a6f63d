#include <cstdlib>
#include <cstring>
#include <unordered_map>

#include "core/errors.h"
#include "ptx/lexer.h"
#include "ptx/module.h"

namespace sim {

namespace {

class Parser {
public:
    explicit Parser(const std::string& source) : tokens(tokenize(source)), module(std::make_unique<Module>()) {}

    std::unique_ptr<Module> run() {
        scopes.emplace_back();
        while (peek().kind != Token::Kind::End) topLevel();
        if (module->version == 0) fail("no .version");
        return std::move(module);
    }

private:
    /// What a name means in one pair of braces.
    struct Scope {
        std::unordered_map<std::string, int> registers;
        std::unordered_map<std::string, const Variable*> variables;
    };

    const Token& peek(size_t ahead = 0) const { return tokens[std::min(at + ahead, tokens.size() - 1)]; }
    const Token& next() { return tokens[at < tokens.size() - 1 ? at++ : at]; }

    bool accept(const char* word) {
        if (!peek().is(word)) return false;
        next();
        return true;
    }

    void expect(const char* word) {
        if (!accept(word)) fail(std::string("expected '") + word + "'");
    }

    [[noreturn]] void fail(const std::string& why) const {
        throw PtxError(format("PTX syntax at line %d near '%s': %s", peek().line, peek().text.c_str(), why.c_str()));
    }

    uint64_t integer() {
        bool negative = accept("-");
        if (peek().kind != Token::Kind::Integer) fail("expected an integer");
        uint64_t value = next().bits;
        return negative ? -value : value;
    }

    void topLevel() {
        const std::string word = peek().text;
        if (accept(".version")) {
            // "8.8" is lexed as a fraction.
            double version = std::strtod(next().text.c_str(), nullptr);
            module->version = static_cast<int>(version * 10 + 0.5);
        } else if (accept(".target")) {
            const std::string target = next().text;
            if (target.compare(0, 3, "sm_") != 0) fail("unknown target " + target);
            module->architecture = std::atoi(target.c_str() + 3);
            while (accept(",")) next();
        } else if (accept(".address_size")) {
            if (integer() != 64) fail("only 64-bit addresses");
        } else if (accept(".visible") || accept(".weak") || accept(".common")) {
            // Linkage makes no difference: one module is one program.
        } else if (accept(".extern")) {
            isExtern = true;
        } else if (word == ".entry" || word == ".func") {
            function();
            isExtern = false;
        } else if (word == ".global" || word == ".const" || word == ".shared") {
            next();
            auto variable = declaration(spaceOf(word));
            expect(";");
            scopes[0].variables[variable->name] = variable.get();
            module->variables.push_back(std::move(variable));
            isExtern = false;
        } else if (accept(".pragma")) {
            skipTo(";");
        } else if (word == ".file" || word == ".loc" || word == ".section") {
            skipDebug();
        } else {
            fail("unsupported directive");
        }
    }

    void skipTo(const char* word) {
        while (!accept(word)) {
            if (next().kind == Token::Kind::End) fail("unfinished directive");
        }
    }

    /// Debug directives end with their line; a section ends with its brace.
    void skipDebug() {
        if (peek().is(".section")) return skipTo("}");
        int line = peek().line;
        while (peek().line == line && peek().kind != Token::Kind::End) next();
    }

    static Space spaceOf(const std::string& word) {
        if (word == ".global") return Space::Global;
        if (word == ".const") return Space::Const;
        if (word == ".shared") return Space::Shared;
        if (word == ".local") return Space::Local;
        return Space::Param;
    }

    /// After the space: .align 4 .b8 name[16] = {…}
    std::unique_ptr<Variable> declaration(Space space) {
        auto variable = std::make_unique<Variable>();
        variable->space = space;
        variable->isExtern = isExtern;
        uint64_t vector = 1;
        while (peek().text[0] == '.') {
            const std::string word = next().text;
            if (word == ".align") {
                variable->alignment = static_cast<int>(integer());
            } else if (word == ".v2" || word == ".v4") {
                vector = word == ".v2" ? 2 : 4;
            } else if (word == ".ptr" || word == ".global" || word == ".shared" || word == ".const" || word == ".managed") {
                // What a parameter points to; nothing is checked by it.
            } else {
                variable->type = typeNamed(std::string_view(word).substr(1));
                if (variable->type == Type::None) fail("unknown type " + word);
            }
        }
        if (variable->type == Type::None) fail("a variable without a type");
        uint64_t element = static_cast<uint64_t>(sizeOf(variable->type)) * vector;
        variable->alignment = std::max(variable->alignment, static_cast<int>(element));
        variable->name = next().text;
        variable->size = element;
        while (accept("[")) {
            variable->size *= peek().is("]") ? 0 : integer();
            expect("]");
        }
        if (accept("=")) initializer(*variable);
        return variable;
    }

    void initializer(Variable& variable) {
        if (accept("{")) {
            while (!accept("}")) {
                initializer(variable);
                accept(",");
            }
            return;
        }
        size_t size = static_cast<size_t>(sizeOf(variable.type));
        uint64_t bits = 0;
        if (peek().kind == Token::Kind::Word) {
            std::string name = next().text;
            if (name == "generic") {
                expect("(");
                name = next().text;
                expect(")");
            }
            uint64_t addend = accept("+") ? integer() : 0;
            variable.references.push_back({variable.initial.size(), name, addend});
        } else if (peek().kind == Token::Kind::Float32 || peek().kind == Token::Kind::Float64) {
            bits = next().bits;
        } else {
            bits = integer();
        }
        const auto* bytes = reinterpret_cast<const uint8_t*>(&bits);
        variable.initial.insert(variable.initial.end(), bytes, bytes + size);
    }

    void function() {
        auto made = std::make_unique<Function>();
        current = made.get();
        current->isEntry = next().text == ".entry";
        scopes.emplace_back();
        if (peek().is("(")) current->results = parameters();
        current->name = next().text;
        if (peek().is("(")) current->parameters = parameters();
        while (!peek().is("{") && !peek().is(";")) attribute();
        if (!accept(";")) {
            current->hasBody = true;
            next();
            block();
        }
        scopes.pop_back();
        auto& slot = module->functions[current->name];
        // A prototype must not replace the body.
        if (slot == nullptr || current->hasBody) slot = std::move(made);
    }

    void attribute() {
        const std::string word = next().text;
        if (word == ".reqntid") {
            for (int i = 0; i < 3; i++) current->requiredThreads[i] = 1;
            int i = 0;
            do current->requiredThreads[i++] = static_cast<uint32_t>(integer());
            while (i < 3 && accept(","));
        } else if (word == ".maxntid") {
            current->maximalThreads = 1;
            do current->maximalThreads *= static_cast<uint32_t>(integer());
            while (accept(","));
        } else if (word == ".minnctapersm" || word == ".maxnreg" || word == ".maxnctapersm") {
            integer();
        } else if (word != ".noreturn") {
            fail("unsupported function attribute " + word);
        }
    }

    std::vector<const Variable*> parameters() {
        std::vector<const Variable*> list;
        expect("(");
        while (!accept(")")) {
            expect(".param");
            list.push_back(own(declaration(Space::Param)));
            accept(",");
        }
        return list;
    }

    const Variable* own(std::unique_ptr<Variable> variable) {
        const Variable* kept = variable.get();
        scopes.back().variables[variable->name] = kept;
        current->variables.push_back(std::move(variable));
        return kept;
    }

    /// After the opening brace, to the closing one.
    void block() {
        scopes.emplace_back();
        while (!accept("}")) {
            const Token& token = peek();
            if (token.kind == Token::Kind::End) fail("missing '}'");
            if (accept("{")) {
                block();
            } else if (token.text == ".reg") {
                next();
                registers();
            } else if (token.text == ".local" || token.text == ".shared" || token.text == ".param") {
                Space space = spaceOf(next().text);
                own(declaration(space));
                expect(";");
            } else if (token.text == ".loc" || token.text == ".file") {
                skipDebug();
            } else if (token.text == ".pragma") {
                skipTo(";");
            } else if (token.kind == Token::Kind::Word && peek(1).is(":")) {
                label();
            } else {
                statement();
            }
        }
        scopes.pop_back();
    }

    void registers() {
        Type type = typeNamed(std::string_view(peek().text).substr(1));
        if (type == Type::None) fail("unsupported register type");
        next();
        do {
            std::string name = next().text;
            if (accept("<")) {
                uint64_t count = integer();
                expect(">");
                for (uint64_t i = 0; i < count; i++) define(name + std::to_string(i), type);
            } else {
                define(name, type);
            }
        } while (accept(","));
        expect(";");
    }

    void define(const std::string& name, Type type) {
        scopes.back().registers[name] = static_cast<int>(current->registers.size());
        current->registers.push_back(type);
    }

    void label() {
        Statement statement;
        statement.line = peek().line;
        statement.label = next().text;
        next();
        if (accept(".branchtargets")) {
            auto& targets = current->branchTables[statement.label];
            do targets.push_back(next().text);
            while (accept(","));
            expect(";");
            return;
        }
        if (peek().text == ".callprototype" || peek().text == ".calltargets") fail("unsupported PTX: indirect calls");
        current->body.push_back(std::move(statement));
    }

    void statement() {
        Statement statement;
        statement.line = peek().line;
        if (accept("@")) {
            statement.guardNegated = accept("!");
            Operand guard = named(next().text);
            if (guard.kind != Operand::Kind::Register) fail("the guard is no register");
            statement.guard = guard.index;
        }
        if (peek().kind != Token::Kind::Word) fail("expected an instruction");
        statement.opcode = next().text;
        try {
            while (!accept(";")) {
                statement.operands.push_back(operand());
                if (!peek().is(";")) expect(",");
            }
        } catch (const PtxError& problem) {
            throw PtxError(format("unsupported PTX opcode %s at line %d: %s", statement.opcode.c_str(), statement.line, problem.what()));
        }
        current->body.push_back(std::move(statement));
    }

    Operand operand() {
        Operand first = simple();
        if (!peek().is("|")) return first;
        next();
        Operand pair;
        pair.kind = Operand::Kind::Vector;
        pair.elements.push_back(std::move(first));
        pair.elements.push_back(simple());
        return pair;
    }

    Operand simple() {
        Operand result;
        if (accept("[")) {
            result = simple();
            if (result.kind == Operand::Kind::Integer) {
                result.kind = Operand::Kind::Address;
            } else if (result.kind == Operand::Kind::Register || result.kind == Operand::Kind::Variable) {
                result.kind = Operand::Kind::Address;
                if (accept("+")) result.bits += integer();
            } else {
                fail("not an address");
            }
            expect("]");
        } else if (accept("{")) {
            result = list("}");
        } else if (accept("(")) {
            result = list(")");
        } else if (accept("!")) {
            fail("unsupported PTX: a negated predicate as an operand");
        } else if (accept("-")) {
            result = simple();
            switch (result.kind) {
                case Operand::Kind::Integer: result.bits = -result.bits; break;
                case Operand::Kind::Float32: result.bits ^= 0x80000000u; break;
                case Operand::Kind::Float64: result.bits ^= uint64_t{1} << 63; break;
                default: fail("cannot negate");
            }
        } else {
            const Token& token = next();
            result.bits = token.bits;
            switch (token.kind) {
                case Token::Kind::Integer: result.kind = Operand::Kind::Integer; break;
                case Token::Kind::Float32: result.kind = Operand::Kind::Float32; break;
                case Token::Kind::Float64: result.kind = Operand::Kind::Float64; break;
                case Token::Kind::Word: result = named(token.text); break;
                default: fail("unexpected '" + token.text + "'");
            }
        }
        return result;
    }

    Operand list(const char* end) {
        Operand result;
        result.kind = Operand::Kind::Vector;
        while (!accept(end)) {
            result.elements.push_back(simple());
            if (!peek().is(end)) expect(",");
        }
        return result;
    }

    Operand named(const std::string& name) {
        Operand result;
        result.name = name;
        if (name == "_") return result;
        for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
            if (auto found = scope->registers.find(name); found != scope->registers.end()) {
                result.kind = Operand::Kind::Register;
                result.index = found->second;
                return result;
            }
            if (auto found = scope->variables.find(name); found != scope->variables.end()) {
                result.kind = Operand::Kind::Variable;
                result.variable = found->second;
                if (peek().is("+") && peek(1).kind == Token::Kind::Integer) {
                    next();
                    result.bits = next().bits;
                }
                return result;
            }
        }
        result.kind = name[0] == '%' || name == "WARP_SZ" ? Operand::Kind::Special : Operand::Kind::Name;
        return result;
    }

    std::vector<Token> tokens;
    size_t at = 0;
    bool isExtern = false;
    std::unique_ptr<Module> module;
    Function* current = nullptr;
    std::vector<Scope> scopes;
};

}  // namespace

std::unique_ptr<Module> parse(const std::string& source) { return Parser(source).run(); }

}  // namespace sim
