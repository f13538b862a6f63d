package dev.tessera.cpu.step;

/**
 * Finds the positions of the k largest of many keys, in descending order, the first among equals first, on a heap that
 * has the worst of those found so far on top. Reused; confined to one thread.
 */
final class LargestKeys {
    private final int k;
    private final long[] heapKeys;
    private final long[] heapPositions;

    LargestKeys(int k) {
        this.k = k;
        this.heapKeys = new long[k];
        this.heapPositions = new long[k];
    }

    /** The positions of the k largest; there must be as many keys. Valid until the next call. */
    long[] positionsIn(long[] keys) {
        for (int i = 0; i < k; i++) {
            heapKeys[i] = keys[i];
            heapPositions[i] = i;
        }
        for (int root = k / 2 - 1; root >= 0; root--) {
            siftDown(root, k);
        }
        for (int i = k; i < keys.length && k > 0; i++) {
            // An equal key comes later here, and so is worse.
            if (keys[i] > heapKeys[0]) {
                heapKeys[0] = keys[i];
                heapPositions[0] = i;
                siftDown(0, k);
            }
        }
        for (int end = k - 1; end > 0; end--) {
            swap(0, end);
            siftDown(0, end);
        }
        return heapPositions;
    }

    private void siftDown(int from, int size) {
        int parent = from;
        int child = 2 * parent + 1;
        while (child < size) {
            if (child + 1 < size && isWorse(child + 1, child)) {
                child++;
            }
            if (!isWorse(child, parent)) {
                return;
            }
            swap(parent, child);
            parent = child;
            child = 2 * parent + 1;
        }
    }

    private boolean isWorse(int left, int right) {
        return heapKeys[left] != heapKeys[right]
                ? heapKeys[left] < heapKeys[right]
                : heapPositions[left] > heapPositions[right];
    }

    private void swap(int left, int right) {
        long key = heapKeys[left];
        long position = heapPositions[left];
        heapKeys[left] = heapKeys[right];
        heapPositions[left] = heapPositions[right];
        heapKeys[right] = key;
        heapPositions[right] = position;
    }
}
