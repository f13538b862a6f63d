/**
 * How tensors sit in Spark columns: which column types an input is read from, which an output is written to, and the
 * copies between rows and batches.
 *
 * <p>Imports {@code expr} (for its exception) and {@code tensor}; knows Spark's data types and unsafe rows, and nothing
 * of plans, tasks or operators.
 */
@NullMarked
package dev.tessera.catalyst.encoding;

import org.jspecify.annotations.NullMarked;
