package dev.tessera.cuda.driver;

/** What a module is made from: PTX, or machine code for one architecture. Immutable. */
public final class KernelImage {
    /** How the bytes are to be read. */
    public enum Format {
        /** Text, which the driver compiles for its device. */
        PTX,
        /** Machine code. */
        CUBIN
    }

    private final Format format;
    private final byte[] bytes;

    public KernelImage(Format format, byte[] bytes) {
        this.format = format;
        this.bytes = bytes.clone();
    }

    public Format format() {
        return format;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int sizeInBytes() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "%s of %d bytes".formatted(format, bytes.length);
    }
}
