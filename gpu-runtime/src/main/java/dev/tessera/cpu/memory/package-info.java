/**
 * Memory of the CPU backend: counted native blocks that are freed at once, and the elements of a tensor in a batch as
 * typed runs.
 *
 * <p>Imports {@code plan} and {@code tensor}, and JavaCPP for native memory.
 */
@NullMarked
package dev.tessera.cpu.memory;

import org.jspecify.annotations.NullMarked;
