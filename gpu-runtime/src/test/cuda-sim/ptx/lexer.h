// PTX text to tokens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

struct Token {
    enum class Kind { Word, Integer, Float32, Float64, Text, Symbol, End };

    Kind kind;
    std::string text;   ///< a word with its dots ("ld.param.u64", "%tid.x"), or a symbol of one character
    uint64_t bits = 0;  ///< the value of an integer, the bit pattern of a float
    int line = 0;       ///< counted from 1

    bool is(const char* symbolOrWord) const {
        return (kind == Kind::Word || kind == Kind::Symbol) && text == symbolOrWord;
    }
};

/// Throws PtxError. The last token is of kind End.
std::vector<Token> tokenize(const std::string& source);

}  // namespace sim
