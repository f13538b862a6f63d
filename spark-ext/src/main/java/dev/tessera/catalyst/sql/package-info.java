/**
 * Tensor functions by name in SQL: expressions as text, registered and saved functions, declared columns.
 *
 * <p>Imports {@code catalyst}, {@code text}, {@code compile}, {@code expr} and {@code tensor}. Whatever is wrong with a
 * call is told by {@link dev.tessera.catalyst.RefusedCall}, so that Spark's analyzer says where.
 */
@NullMarked
package dev.tessera.catalyst.sql;

import org.jspecify.annotations.NullMarked;
