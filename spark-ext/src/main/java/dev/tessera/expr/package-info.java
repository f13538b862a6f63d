/**
 * The language: symbolic tensors, the ops that make them, their shape and dtype inference, and graphs of them.
 *
 * <p>Imports {@code tensor} and the scalar functions and row programs of {@code plan}. Knows nothing of Spark.
 */
@NullMarked
package dev.tessera.expr;

import org.jspecify.annotations.NullMarked;
