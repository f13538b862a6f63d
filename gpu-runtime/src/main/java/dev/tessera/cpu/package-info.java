/**
 * The CPU backend: tasks, their memory, and the choice of libraries.
 *
 * <p>Imports {@code runtime}, {@code plan}, {@code tensor} and the packages below this one.
 */
@NullMarked
package dev.tessera.cpu;

import org.jspecify.annotations.NullMarked;
