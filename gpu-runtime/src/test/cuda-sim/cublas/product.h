// Matrix products of cuBLAS, column-major, on the memory of a simulated device.
#pragma once

#include <cstdint>

#include "memory/device_memory.h"

namespace sim {

/// Numbers of cudaDataType.
enum class Element : int { Float32 = 0, Float64 = 1, Float16 = 2, Bfloat16 = 14 };

/// How the factors are rounded before they are multiplied; sums are float32, or float64 of float64 factors.
enum class Precision { Full, Tf32, Float16, Bfloat16 };

struct Matrix {
    uint64_t address;
    Element element;
    int64_t leading;  ///< elements from one column to the next
    int64_t stride;   ///< elements from one matrix of a batch to the next
};

enum class Part { All, Upper, Lower };

struct Product {
    const char* name;
    bool transposesA, transposesB;
    int64_t m, n, k;
    double alpha, beta;
    Matrix a, b, c;
    int64_t batch;
    Precision precision;
    Part part;  ///< of C, that is written
};

int64_t sizeOf(Element element);

/// C = alpha op(A) op(B) + beta C, for each matrix of the batch. Throws DeviceFault where a matrix does not lie in one
/// live allocation, or C overlaps a factor. Returns the simulated duration in nanoseconds.
double run(const Product& product, const DeviceMemory& memory);

}  // namespace sim
