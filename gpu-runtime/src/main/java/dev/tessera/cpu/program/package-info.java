/**
 * Row programs on the CPU: compiled once per shape to a list of primitive calls over heap blocks, and run over the rows of
 * a batch.
 *
 * <p>Imports {@code plan}, {@code cpu.memory} and {@code cpu.math}.
 */
@NullMarked
package dev.tessera.cpu.program;

import org.jspecify.annotations.NullMarked;
