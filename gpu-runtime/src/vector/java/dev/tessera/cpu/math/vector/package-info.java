/**
 * The Vector API twins of the CPU backend's block primitives and small products. Compiled apart, because
 * {@code jdk.incubator.vector} is an incubator module; reached by reflection alone, and only where that module is.
 *
 * <p>Uses what class files of Java 17 find on every later release too: arrays and no buffers or memory segments.
 */
package dev.tessera.cpu.math.vector;
