/**
 * The thin edge to Spark's SQL engine: the expression that calls a function, the rule that lifts calls out of operators,
 * the operator that evaluates them in batches, and what travels to executors.
 *
 * <p>Imports {@code compile}, {@code expr}, {@code text}, {@code plugin}, {@code runtime}, {@code plan} and
 * {@code tensor}.
 */
@NullMarked
package dev.tessera.catalyst;

import org.jspecify.annotations.NullMarked;
