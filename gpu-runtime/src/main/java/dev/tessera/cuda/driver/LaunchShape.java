package dev.tessera.cuda.driver;

/**
 * How a kernel is launched.
 *
 * @param gridX blocks along x, from 1 to 2^31-1; of y and z there are up to 65535
 * @param blockX threads of a block along x
 * @param sharedBytes shared memory per block beyond what the kernel declares
 */
public record LaunchShape(int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int sharedBytes) {
    /** Blocks and threads in one row, and no further shared memory. */
    public static LaunchShape linear(int blocks, int threadsPerBlock) {
        return new LaunchShape(blocks, 1, 1, threadsPerBlock, 1, 1, 0);
    }
}
