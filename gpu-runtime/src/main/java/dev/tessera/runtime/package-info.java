/**
 * What an executor runs: the backend seam, the runtime that picks a backend, and receipts of what really ran.
 *
 * <p>Imports {@code plan} and {@code tensor}. Backends are found with {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.tessera.runtime;

import org.jspecify.annotations.NullMarked;
