// float16 and bfloat16 in software.
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/lanes.h"

namespace sim {

inline float floatOfHalf(uint16_t half) {
    uint32_t sign = uint32_t{half} >> 15 << 31, exponent = half >> 10 & 0x1F, fraction = half & 0x3FF;
    if (exponent == 0x1F) return bitsAs<float>(sign | 0x7F800000u | fraction << 13);
    if (exponent != 0) return bitsAs<float>(sign | (exponent + 112) << 23 | fraction << 13);
    float value = std::ldexp(static_cast<float>(fraction), -24);
    return sign != 0 ? -value : value;
}

inline float floatOfBfloat(uint16_t bits) { return bitsAs<float>(uint32_t{bits} << 16); }

/// Rounds to a multiple of 2^shift, to nearest even or towards zero.
inline uint32_t roundedShift(uint32_t value, uint32_t shift, bool toZero) {
    if (shift > 31) return 0;
    uint32_t kept = value >> shift, rest = value & ((1u << shift) - 1), half = shift == 0 ? 0 : 1u << (shift - 1);
    if (toZero || shift == 0) return kept;
    return kept + (rest > half || (rest == half && (kept & 1)) ? 1 : 0);
}

inline uint16_t halfOf(float value, bool toZero) {
    uint32_t bits = bitsAs<uint32_t>(value), sign = bits >> 31 << 15, magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) return 0x7FFF;
    if (magnitude == 0x7F800000) return static_cast<uint16_t>(sign | 0x7C00);
    uint32_t exponent = magnitude >> 23, fraction = (magnitude & 0x7FFFFF) | (exponent != 0 ? 0x800000 : 0);
    uint32_t result;
    if (exponent >= 113) {
        result = roundedShift(magnitude - (112u << 23), 13, toZero);
        if (result >= 0x7C00) result = toZero ? 0x7BFF : 0x7C00;
    } else {
        result = roundedShift(fraction, 126 - (exponent != 0 ? exponent : 1), toZero);
    }
    return static_cast<uint16_t>(sign | result);
}

inline uint16_t bfloatOf(float value, bool toZero) {
    uint32_t bits = bitsAs<uint32_t>(value);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) return 0x7FFF;
    return static_cast<uint16_t>((bits >> 31 << 15) | roundedShift(bits & 0x7FFFFFFF, 16, toZero));
}

/// float32 with the 10 fraction bits of TF32, ties away from zero.
inline float tf32Of(float value) {
    uint32_t bits = bitsAs<uint32_t>(value);
    if ((bits & 0x7F800000) == 0x7F800000) return value;
    return bitsAs<float>((bits + 0x1000) & 0xFFFFE000);
}

}  // namespace sim
