/**
 * The oracle: a plain evaluator of graphs that says what every value should be, and how far a backend may be from it.
 *
 * <p>Imports {@code expr}, {@code plan} and {@code tensor}. Knows nothing of Spark, and shares no arithmetic with a
 * backend.
 */
@NullMarked
package dev.tessera.eval;

import org.jspecify.annotations.NullMarked;
