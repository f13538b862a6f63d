/**
 * The backend of NVIDIA GPUs: devices, tasks, and batches in flight on streams.
 *
 * <p>Imports {@code runtime}, {@code codegen}, {@code plan}, {@code tensor} and the packages below it.
 */
@NullMarked
package dev.tessera.cuda;

import org.jspecify.annotations.NullMarked;
