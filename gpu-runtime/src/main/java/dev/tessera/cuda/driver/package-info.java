/**
 * CUDA as the backend sees it: {@link dev.tessera.cuda.driver.CudaApi}, a narrow interface over the driver, cuBLAS and
 * NVRTC in plain Java types; how their libraries are found and loaded; and what this machine has of them.
 *
 * <p>Imports {@code tensor} and JCuda, which nobody else does.
 */
@NullMarked
package dev.tessera.cuda.driver;

import org.jspecify.annotations.NullMarked;
