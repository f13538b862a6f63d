/**
 * Memory of and for a device: a pool of its own memory, page-locked staging memory, and constants that stay on it.
 *
 * <p>Imports {@code cuda.driver} and {@code runtime}.
 */
@NullMarked
package dev.tessera.cuda.memory;

import org.jspecify.annotations.NullMarked;
