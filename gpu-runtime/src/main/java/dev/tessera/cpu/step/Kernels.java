package dev.tessera.cpu.step;

import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.program.InstructionSet;

/** What steps compute with: the kernels of row programs and the products. Shared by all tasks of a backend. */
public record Kernels(InstructionSet instructions, MatrixProduct product) {}
