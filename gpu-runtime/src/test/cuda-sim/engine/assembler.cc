#include <algorithm>
#include <map>

#include "core/errors.h"
#include "engine/emitter.h"
#include "engine/handlers.h"
#include "engine/program.h"

namespace sim {

namespace {

constexpr int MAXIMAL_CALL_DEPTH = 32;

const Families& families() {
    static const Families all = [] {
        Families made;
        addArithmetic(made);
        addIntegers(made);
        addCarries(made);
        addApproximations(made);
        addComparisons(made);
        addConversions(made);
        addMoves(made);
        addMemory(made);
        addAtomics(made);
        addWarpOperations(made);
        addControl(made);
        return made;
    }();
    return all;
}

const std::map<std::string, Special> SPECIALS = {
    {"%tid.x", Special::TidX}, {"%tid.y", Special::TidY}, {"%tid.z", Special::TidZ},
    {"%ntid.x", Special::NtidX}, {"%ntid.y", Special::NtidY}, {"%ntid.z", Special::NtidZ},
    {"%ctaid.x", Special::CtaidX}, {"%ctaid.y", Special::CtaidY}, {"%ctaid.z", Special::CtaidZ},
    {"%nctaid.x", Special::NctaidX}, {"%nctaid.y", Special::NctaidY}, {"%nctaid.z", Special::NctaidZ},
    {"%laneid", Special::LaneId}, {"%warpid", Special::WarpId}, {"%nwarpid", Special::NwarpId},
    {"%smid", Special::SmId}, {"%nsmid", Special::NsmId}, {"%gridid", Special::GridId},
    {"%lanemask_eq", Special::LanemaskEq}, {"%lanemask_le", Special::LanemaskLe}, {"%lanemask_lt", Special::LanemaskLt},
    {"%lanemask_ge", Special::LanemaskGe}, {"%lanemask_gt", Special::LanemaskGt},
    {"%dynamic_smem_size", Special::DynamicSmemSize}, {"%clock", Special::Clock}, {"%clock64", Special::Clock64},
};

/// Inlines every call, so that reconvergence by pc works across functions too. A register of a function is another
/// one in every place that it is called from.
class Assembler : public Layout {
public:
    Assembler(const Module& module, const AddressOf& addressOf) : module(module), moduleAddress(addressOf), program(std::make_unique<Program>()) {}

    std::unique_ptr<Program> run(const Function& entry) {
        program->name = entry.name;
        std::copy(entry.requiredThreads, entry.requiredThreads + 3, program->requiredThreads);
        program->maximalThreads = entry.maximalThreads;
        for (const Variable* parameter : entry.parameters) {
            uint32_t at = take(program->parameterBytes, *parameter);
            parameterOffsets[parameter] = at;
            program->parameters.push_back({at, static_cast<uint32_t>(parameter->size)});
        }
        Frame outermost{&entry, {}, {}, {}, {}, {}};
        inlineBody(outermost);
        if (program->code.empty() || program->code.back().run != exitThread) appendExit();
        program->localBytes = (program->localBytes + 15) / 16 * 16;
        return std::move(program);
    }

    uint32_t registerAt(int index) override {
        uint32_t& slot = frame->registers[static_cast<size_t>(index)];
        if (slot == NO_REGISTER) slot = newRegister(sizeOf(registerType(index)));
        return slot;
    }

    Type registerType(int index) override { return frame->function->registers[static_cast<size_t>(index)]; }

    uint32_t constant(int size, uint64_t bits) override {
        if (size > 0 && size < 8) bits &= (uint64_t{1} << 8 * size) - 1;
        auto [found, isNew] = constants.try_emplace({size, bits}, 0);
        if (isNew) {
            found->second = newRegister(size);
            program->constants.push_back({found->second, size, bits});
        }
        return found->second;
    }

    uint32_t special(const std::string& name, int size, int line) override {
        if (name == "WARP_SZ") return constant(size, WARP_SIZE);
        auto known = SPECIALS.find(name);
        if (known == SPECIALS.end()) throw PtxError(format("unsupported PTX special register %s at line %d", name.c_str(), line));
        auto [found, isNew] = specials.try_emplace({name, size}, 0);
        if (isNew) {
            found->second = newRegister(size);
            program->specials.push_back({found->second, known->second, size});
        }
        return found->second;
    }

    uint32_t scratch(int size) override { return newRegister(size); }

    Space spaceOf(const Variable& variable) override {
        bool isOfCall = variable.space == Space::Param && parameterOffsets.count(&variable) == 0;
        return isOfCall ? Space::Local : variable.space;
    }

    uint64_t addressOf(const Variable& variable) override {
        switch (variable.space) {
            case Space::Param: {
                auto found = parameterOffsets.find(&variable);
                return found != parameterOffsets.end() ? found->second : localOffset(variable);
            }
            case Space::Local: return localOffset(variable);
            case Space::Shared: return sharedOffset(variable);
            default: return moduleAddress(variable.name);
        }
    }

    void sharesBytes() override { program->sharesBytes = true; }

    uint32_t widened(uint32_t reg) override {
        Instruction in;
        in.run = widenAddress;
        in.d = newRegister(8);
        in.a = reg;
        in.line = line;
        program->code.push_back(in);
        return in.d;
    }

    const std::vector<uint32_t>* branchTable(const std::string& label, int at) override {
        auto table = frame->function->branchTables.find(label);
        if (table == frame->function->branchTables.end()) throw PtxError(format("no branch table %s for line %d", label.c_str(), at));
        auto targets = std::make_unique<std::vector<uint32_t>>(table->second.size());
        for (size_t i = 0; i < targets->size(); i++) frame->fixes.push_back({table->second[i], &(*targets)[i], 0});
        program->tables.push_back(std::move(targets));
        return program->tables.back().get();
    }

    void jumpsTo(const std::string& label) override { frame->fixes.push_back({label, nullptr, program->code.size()}); }
    bool isInEntry() const override { return frame->function->isEntry; }
    void jumpsToReturn() override { frame->returns.push_back(program->code.size()); }

private:
    /// A place that needs the address of a label: a table entry, or the target of an instruction.
    struct Fix {
        std::string label;
        uint32_t* place;
        size_t instruction;
    };

    /// One function in one place where it is inlined.
    struct Frame {
        const Function* function;
        std::vector<uint32_t> registers;
        std::map<const Variable*, uint32_t> locals;
        std::map<std::string, uint32_t> labels;
        std::vector<Fix> fixes;
        std::vector<size_t> returns;
    };

    uint32_t newRegister(int size) {
        uint32_t at = program->registerBytes;
        program->registerBytes += size == 0 ? 4 : static_cast<uint32_t>(size) * WARP_SIZE;
        program->registerBytes = (program->registerBytes + 31) / 32 * 32;
        program->registerCount++;
        return at;
    }

    static uint32_t take(uint32_t& used, const Variable& variable) {
        auto alignment = static_cast<uint32_t>(variable.alignment);
        uint32_t at = (used + alignment - 1) / alignment * alignment;
        used = at + static_cast<uint32_t>(variable.size);
        return at;
    }

    uint32_t localOffset(const Variable& variable) {
        auto found = frame->locals.find(&variable);
        if (found == frame->locals.end()) found = frame->locals.emplace(&variable, take(program->localBytes, variable)).first;
        return found->second;
    }

    uint64_t sharedOffset(const Variable& variable) {
        if (variable.size == 0) {
            // All dynamic shared memory begins behind the static one, which is known only at the end.
            if (dynamicShared == 0) dynamicShared = staticSharedOf();
            return dynamicShared;
        }
        return staticShared().at(&variable);
    }

    /// Static shared variables of the module and of all functions reachable from the kernel, laid out before any
    /// instruction is read, so that the place of dynamic shared memory behind them is known.
    const std::map<const Variable*, uint32_t>& staticShared() {
        if (!isSharedLaidOut) {
            isSharedLaidOut = true;
            layOutShared(*entryFunction());
        }
        return shared;
    }

    uint32_t staticSharedOf() {
        staticShared();
        return (program->staticSharedBytes + 15) / 16 * 16;
    }

    const Function* entryFunction() const { return stack.front()->function; }

    void layOutShared(const Function& function) {
        if (std::find(laidOut.begin(), laidOut.end(), &function) != laidOut.end()) return;
        laidOut.push_back(&function);
        for (const Statement& statement : function.body) {
            for (const Operand& operand : statement.operands) {
                const Variable* variable = operand.variable;
                if (variable != nullptr && variable->space == Space::Shared && variable->size > 0 && shared.count(variable) == 0) {
                    shared[variable] = take(program->staticSharedBytes, *variable);
                }
                auto callee = module.functions.find(operand.name);
                if (callee != module.functions.end()) layOutShared(*callee->second);
            }
        }
    }

    void inlineBody(Frame& callee) {
        Frame* caller = frame;
        frame = &callee;
        stack.push_back(&callee);
        if (stack.size() > MAXIMAL_CALL_DEPTH) throw PtxError("unsupported PTX: recursion in " + callee.function->name);
        callee.registers.assign(callee.function->registers.size(), NO_REGISTER);
        for (const Statement& statement : callee.function->body) {
            line = statement.line;
            if (!statement.label.empty()) {
                callee.labels[statement.label] = position();
            } else if (statement.opcode == "call" || statement.opcode == "call.uni") {
                inlineCall(statement);
            } else {
                append(statement);
            }
        }
        for (const Fix& fix : callee.fixes) {
            auto target = callee.labels.find(fix.label);
            if (target == callee.labels.end()) throw PtxError("no label " + fix.label + " in " + callee.function->name);
            (fix.place != nullptr ? *fix.place : program->code[fix.instruction].target) = target->second;
        }
        for (size_t place : callee.returns) program->code[place].target = position();
        stack.pop_back();
        frame = caller;
    }

    uint32_t position() const { return static_cast<uint32_t>(program->code.size()); }

    void append(const Statement& statement) {
        Emitter emitter(*this, statement);
        auto family = families().find(emitter.base());
        if (family == families().end()) emitter.unsupported();
        if (statement.guard >= 0) {
            emitter.in.guard = registerAt(statement.guard);
            emitter.in.guardFlip = statement.guardNegated ? ~uint32_t{0} : 0;
        }
        family->second(emitter);
        emitter.in.opcode = nameOf(statement.opcode);
        program->code.push_back(emitter.in);
    }

    const char* nameOf(const std::string& opcode) {
        auto& name = opcodes[opcode];
        if (name == nullptr) {
            program->opcodes.push_back(std::make_unique<std::string>(opcode));
            name = program->opcodes.back()->c_str();
        }
        return name;
    }

    void appendExit() {
        Instruction in;
        in.run = exitThread;
        in.line = line;
        in.opcode = "ret";
        program->code.push_back(in);
    }

    /// call (results), function, (arguments): each operand list may be missing.
    void inlineCall(const Statement& statement) {
        const auto& operands = statement.operands;
        bool hasResults = !operands.empty() && operands[0].kind == Operand::Kind::Vector;
        size_t nameAt = hasResults ? 1 : 0;
        if (operands.size() <= nameAt || operands[nameAt].kind != Operand::Kind::Name) {
            throw PtxError(format("unsupported PTX opcode call at line %d: an indirect call", statement.line));
        }
        auto found = module.functions.find(operands[nameAt].name);
        if (found == module.functions.end() || !found->second->hasBody) {
            throw PtxError(format("unsupported PTX opcode call at line %d: no body of %s", statement.line, operands[nameAt].name.c_str()));
        }
        const Function& callee = *found->second;
        Frame inner{&callee, {}, {}, {}, {}, {}};
        if (hasResults) bind(inner, callee.results, operands[0], statement.line);
        if (operands.size() > nameAt + 1) bind(inner, callee.parameters, operands[nameAt + 1], statement.line);

        size_t skip = 0;
        if (statement.guard >= 0) {
            skip = program->code.size();
            Instruction in;
            in.run = jump;
            in.guard = registerAt(statement.guard);
            in.guardFlip = statement.guardNegated ? 0 : ~uint32_t{0};
            in.line = statement.line;
            in.opcode = "call";
            program->code.push_back(in);
        }
        inlineBody(inner);
        if (statement.guard >= 0) program->code[skip].target = position();
    }

    /// The formal parameters are the very variables of the caller.
    void bind(Frame& inner, const std::vector<const Variable*>& formal, const Operand& actual, int at) {
        if (formal.size() != actual.elements.size()) throw PtxError(format("line %d calls %s with other parameters than it has", at, inner.function->name.c_str()));
        for (size_t i = 0; i < formal.size(); i++) {
            const Variable* variable = actual.elements[i].variable;
            if (variable == nullptr || variable->size != formal[i]->size || parameterOffsets.count(variable) > 0) {
                throw PtxError(format("unsupported PTX opcode call at line %d: an argument that is no .param variable of that size", at));
            }
            inner.locals[formal[i]] = localOffset(*variable);
        }
    }

    const Module& module;
    const AddressOf& moduleAddress;
    std::unique_ptr<Program> program;
    Frame* frame = nullptr;
    std::vector<Frame*> stack;
    std::map<const Variable*, uint32_t> parameterOffsets;
    std::map<std::pair<int, uint64_t>, uint32_t> constants;
    std::map<std::pair<std::string, int>, uint32_t> specials;
    std::map<std::string, const char*> opcodes;
    std::map<const Variable*, uint32_t> shared;
    std::vector<const Function*> laidOut;
    bool isSharedLaidOut = false;
    uint32_t dynamicShared = 0;
    int line = 0;
};

}  // namespace

std::unique_ptr<Program> assemble(const Module& module, const Function& entry, const AddressOf& addressOf) {
    return Assembler(module, addressOf).run(entry);
}

}  // namespace sim
