#include "ptx/type.h"

namespace sim {

namespace {
struct Named {
    std::string_view word;
    Type type;
    int size;
};

constexpr Named TYPES[] = {
    {"pred", Type::Pred, 0}, {"b8", Type::B8, 1},       {"b16", Type::B16, 2},       {"b32", Type::B32, 4},
    {"b64", Type::B64, 8},   {"u8", Type::U8, 1},       {"u16", Type::U16, 2},       {"u32", Type::U32, 4},
    {"u64", Type::U64, 8},   {"s8", Type::S8, 1},       {"s16", Type::S16, 2},       {"s32", Type::S32, 4},
    {"s64", Type::S64, 8},   {"f16", Type::F16, 2},     {"bf16", Type::BF16, 2},     {"f16x2", Type::F16x2, 4},
    {"bf16x2", Type::BF16x2, 4}, {"f32", Type::F32, 4}, {"f64", Type::F64, 8},
};
}  // namespace

Type typeNamed(std::string_view word) {
    for (const Named& named : TYPES) {
        if (named.word == word) return named.type;
    }
    return Type::None;
}

int sizeOf(Type type) {
    for (const Named& named : TYPES) {
        if (named.type == type) return named.size;
    }
    return 0;
}

}  // namespace sim
