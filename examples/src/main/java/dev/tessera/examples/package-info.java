/**
 * One class per example, each run by a test. They use Tessera as a user does: the public classes of {@code dev.tessera},
 * {@code expr}, {@code text} and {@code report}.
 */
@NullMarked
package dev.tessera.examples;

import org.jspecify.annotations.NullMarked;
