// PTX scalar types.
#pragma once

#include <cstdint>
#include <string_view>

namespace sim {

enum class Type : uint8_t {
    None, Pred,
    B8, B16, B32, B64,
    U8, U16, U32, U64,
    S8, S16, S32, S64,
    F16, BF16, F16x2, BF16x2, F32, F64,
};

/// The type that a modifier such as "u32" names; None for any other word.
Type typeNamed(std::string_view word);

/// Bytes; a predicate has none.
int sizeOf(Type type);

inline bool isSigned(Type type) { return type >= Type::S8 && type <= Type::S64; }
inline bool isFloat(Type type) { return type >= Type::F16; }

}  // namespace sim
