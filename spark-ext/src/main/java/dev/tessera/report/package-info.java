/**
 * What people look at: the explanation of a compiled function as text, its graph as SVG, and pages of HTML. Pure functions
 * from values to text; whatever comes from a user is escaped, and however large the graph, the text is bounded.
 *
 * <p>Imports {@code expr}, {@code plan} and {@code tensor}. Knows nothing of Spark.
 */
@NullMarked
package dev.tessera.report;

import org.jspecify.annotations.NullMarked;
