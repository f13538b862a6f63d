/**
 * Work for a device: steps bound to sizes, kernels compiled and cached, and launches.
 *
 * <p>Imports {@code codegen}, {@code plan}, {@code tensor}, {@code cuda.driver} and {@code cuda.memory}.
 */
@NullMarked
package dev.tessera.cuda.kernel;

import org.jspecify.annotations.NullMarked;
