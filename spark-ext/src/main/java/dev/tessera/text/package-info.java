/**
 * The language outside Java: NumPy-syntax text, .npy files and saved graphs.
 *
 * <p>Imports {@code expr}, {@code tensor}, and of {@code plan} its scalar functions and how dims, tensors and row programs
 * are written. Knows nothing of Spark.
 */
@NullMarked
package dev.tessera.text;

import org.jspecify.annotations.NullMarked;
