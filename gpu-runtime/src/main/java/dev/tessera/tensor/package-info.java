/**
 * The value vocabulary that driver and executor share: dtypes, symbolic dims, shapes, and tensors in host memory.
 *
 * <p>Imports nothing of Tessera.
 */
@NullMarked
package dev.tessera.tensor;

import org.jspecify.annotations.NullMarked;
