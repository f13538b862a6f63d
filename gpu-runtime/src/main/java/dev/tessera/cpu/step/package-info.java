/**
 * The steps of a plan on the CPU: bound to sizes once, run over batch after batch.
 *
 * <p>Imports {@code plan}, {@code tensor}, {@code cpu.memory}, {@code cpu.program} and {@code cpu.blas}.
 */
@NullMarked
package dev.tessera.cpu.step;

import org.jspecify.annotations.NullMarked;
