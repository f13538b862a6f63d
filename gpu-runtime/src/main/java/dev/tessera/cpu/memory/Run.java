package dev.tessera.cpu.memory;

/** Elements of a slot at a fixed distance: the first, and how far apart neighbours are. */
public record Run(Elements elements, long first, long stride) {
    /** Copies {@code length} elements here; the dtypes must be equal. */
    public void copyFrom(Run source, long length) {
        int width = elements.dtype().widthInBytes();
        if (stride == 1 && source.stride == 1) {
            int to = (int) (first * width);
            int from = (int) (source.first * width);
            elements.bytes().put(to, source.elements.bytes(), from, (int) (length * width));
            return;
        }
        long from = source.first;
        long to = first;
        for (long i = 0; i < length; i++, from += source.stride, to += stride) {
            switch (width) {
                case 1 -> elements.bytes().put((int) to, source.elements.bytes().get((int) from));
                case 4 ->
                    elements.bytes()
                            .putInt((int) (4 * to), source.elements.bytes().getInt((int) (4 * from)));
                default ->
                    elements.bytes()
                            .putLong((int) (8 * to), source.elements.bytes().getLong((int) (8 * from)));
            }
        }
    }

    /** Stores {@code length} zeros. */
    public void clear(long length) {
        int width = elements.dtype().widthInBytes();
        long to = first;
        for (long i = 0; i < length; i++, to += stride) {
            for (int b = 0; b < width; b++) {
                elements.bytes().put((int) (to * width + b), (byte) 0);
            }
        }
    }
}
