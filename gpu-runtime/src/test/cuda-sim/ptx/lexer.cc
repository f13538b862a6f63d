#include "ptx/lexer.h"

#include <cctype>
#include <cstdlib>
#include <cstring>

#include "core/errors.h"

namespace sim {

namespace {

bool startsWord(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%' || c == '.'; }

bool continuesWord(char c) { return startsWord(c) || std::isdigit(static_cast<unsigned char>(c)); }

class Lexer {
public:
    explicit Lexer(const std::string& source) : text(source) {}

    std::vector<Token> run() {
        while (skipBlank()) {
            char c = text[at];
            if (std::isdigit(static_cast<unsigned char>(c))) {
                number();
            } else if (startsWord(c)) {
                word();
            } else if (c == '"') {
                quoted();
            } else {
                emit(Token::Kind::Symbol, std::string(1, c), 0);
                at++;
            }
        }
        emit(Token::Kind::End, "end of text", 0);
        return std::move(tokens);
    }

private:
    void emit(Token::Kind kind, std::string word, uint64_t bits) { tokens.push_back({kind, std::move(word), bits, line}); }

    bool skipBlank() {
        while (at < text.size() && text[at] != '\0') {
            if (text[at] == '\n') {
                line++;
                at++;
            } else if (std::isspace(static_cast<unsigned char>(text[at]))) {
                at++;
            } else if (text.compare(at, 2, "//") == 0) {
                while (at < text.size() && text[at] != '\n') at++;
            } else if (text.compare(at, 2, "/*") == 0) {
                size_t end = text.find("*/", at);
                if (end == std::string::npos) throw PtxError(format("comment without end at line %d", line));
                for (; at < end; at++) line += text[at] == '\n';
                at += 2;
            } else {
                return true;
            }
        }
        return false;
    }

    void word() {
        size_t from = at;
        while (at < text.size()) {
            if (continuesWord(text[at])) {
                at++;
            } else if (text.compare(at, 2, "::") == 0) {  // a cache hint, such as L1::no_allocate
                at += 2;
            } else {
                break;
            }
        }
        emit(Token::Kind::Word, text.substr(from, at - from), 0);
    }

    void quoted() {
        size_t end = text.find('"', at + 1);
        if (end == std::string::npos) throw PtxError(format("text without end at line %d", line));
        emit(Token::Kind::Text, text.substr(at + 1, end - at - 1), 0);
        at = end + 1;
    }

    void number() {
        const char* from = text.c_str() + at;
        char* end = nullptr;
        char second = static_cast<char>(std::tolower(static_cast<unsigned char>(from[1])));
        if (from[0] == '0' && (second == 'f' || second == 'd')) {
            uint64_t bits = std::strtoull(from + 2, &end, 16);
            emit(second == 'f' ? Token::Kind::Float32 : Token::Kind::Float64, text.substr(at, static_cast<size_t>(end - from)), bits);
        } else {
            size_t digits = std::strspn(from, "0123456789");
            bool isFraction = from[digits] == '.' && std::isdigit(static_cast<unsigned char>(from[digits + 1]));
            if (isFraction) {
                double value = std::strtod(from, &end);
                uint64_t bits;
                std::memcpy(&bits, &value, sizeof bits);
                emit(Token::Kind::Float64, text.substr(at, static_cast<size_t>(end - from)), bits);
            } else {
                uint64_t value = std::strtoull(from, &end, 0);
                if (*end == 'U') end++;
                emit(Token::Kind::Integer, text.substr(at, static_cast<size_t>(end - from)), value);
            }
        }
        at = static_cast<size_t>(end - text.c_str());
    }

    const std::string& text;
    std::vector<Token> tokens;
    size_t at = 0;
    int line = 1;
};

}  // namespace

std::vector<Token> tokenize(const std::string& source) { return Lexer(source).run(); }

}  // namespace sim
