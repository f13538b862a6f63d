/**
 * Block primitives of the CPU backend: element-wise functions, comparisons and reductions over runs of heap arrays, and
 * the choice between plain loops and their Vector API twin.
 *
 * <p>Imports the JDK alone.
 */
@NullMarked
package dev.tessera.cpu.math;

import org.jspecify.annotations.NullMarked;
