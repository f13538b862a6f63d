/**
 * Rewriting a graph to an equal one that runs faster or more accurately: one class per rule, run in phases, with the
 * graph verified between them.
 *
 * <p>Imports {@code expr}, {@code eval}, {@code plan} and {@code tensor}. Knows nothing of Spark.
 */
@NullMarked
package dev.tessera.rewrite;

import org.jspecify.annotations.NullMarked;
