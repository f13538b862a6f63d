/**
 * From a rewritten graph to an execution plan: lifting, lowering, slot assignment.
 *
 * <p>Imports {@code expr}, {@code rewrite}, {@code eval}, {@code plan} and {@code tensor}. Knows nothing of Spark.
 */
@NullMarked
package dev.tessera.compile;

import org.jspecify.annotations.NullMarked;
