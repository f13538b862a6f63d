/**
 * Matrix products of the CPU backend: native memory, OpenBLAS and what it needs to be fast, the product of two matrices,
 * the products of many small ones, and plain Java for wherever OpenBLAS or the Vector API is missing.
 *
 * <p>Imports {@code tensor} and {@code cpu.math}, and JavaCPP and its OpenBLAS binding; no other package touches those.
 */
@NullMarked
package dev.tessera.cpu.blas;

import org.jspecify.annotations.NullMarked;
