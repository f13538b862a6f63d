/**
 * Steps of a plan as CUDA C: pure functions from a step and the slots it uses to the text of a kernel and how to launch it.
 *
 * <p>Imports {@code plan} and {@code tensor}; knows no device. A size that is known when the plan is compiled is a literal
 * of the text, another an argument of the kernel, so that one text serves every batch.
 */
@NullMarked
package dev.tessera.codegen;

import org.jspecify.annotations.NullMarked;
