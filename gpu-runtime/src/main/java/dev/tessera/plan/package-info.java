/**
 * The wire contract between driver and executor: the execution plan, its steps and operands, the scalar functions and
 * row programs they run, and how a plan is written, read and verified.
 *
 * <p>Imports {@code tensor} only.
 */
@NullMarked
package dev.tessera.plan;

import org.jspecify.annotations.NullMarked;
