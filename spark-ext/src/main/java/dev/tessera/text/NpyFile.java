package dev.tessera.text;

import dev.tessera.expr.Constant;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * NumPy's .npy files, format versions 1 to 3, of either byte order and of C or Fortran order. Nothing is allocated for a
 * size that a header promises before the file is known to have its bytes.
 */
public final class NpyFile {
    // NumPy's own limit is 10,000 characters.
    private static final int MAX_HEADER_BYTES = 1 << 16;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_AT = MAGIC.length;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int PREAMBLE_BYTES = MAGIC.length + 2;

    private NpyFile() {}

    /**
     * The tensor in a file: bool, int32, int64, float32 or float64 as it is; uint8, int8 and int16 as int32 and float16 as
     * float32. Row-major, on the heap.
     *
     * @throws TensorFormatException if the file is no .npy file, is damaged, or holds another dtype
     * @throws IOException if it cannot be read
     */
    public static HostTensor read(Path path) throws IOException {
        long fileBytes = Files.size(path);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] preamble = in.readNBytes(PREAMBLE_BYTES);
            if (preamble.length < PREAMBLE_BYTES || !Arrays.equals(MAGIC, Arrays.copyOf(preamble, MAGIC.length))) {
                throw failure(path, "it does not start as a .npy file does");
            }
            int version = preamble[VERSION_AT];
            if (version < 1 || version > 3) {
                throw failure(path, "format version %d; versions 1 to 3 are read".formatted(version));
            }
            byte[] length = in.readNBytes(version == 1 ? Short.BYTES : Integer.BYTES);
            long headerBytes = littleEndian(length);
            if (headerBytes > MAX_HEADER_BYTES) {
                throw failure(path, "a header of %d bytes, at most %d".formatted(headerBytes, MAX_HEADER_BYTES));
            }
            byte[] header = in.readNBytes((int) headerBytes);
            if (header.length < headerBytes) {
                throw failure(path, "it ends within its header");
            }
            long left = fileBytes - PREAMBLE_BYTES - length.length - header.length;
            return elements(path, new String(header, StandardCharsets.UTF_8), left, in);
        }
    }

    /** The constant in a file; as {@link #read}. */
    public static Constant constant(Path path) throws IOException {
        return Tensors.constant(read(path));
    }

    private static long littleEndian(byte[] bytes) {
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = (value << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return value;
    }

    private static HostTensor elements(Path path, String text, long left, InputStream in) throws IOException {
        try {
            NpyHeader header = NpyHeader.parse(text);
            long promised = header.sizeInBytes();
            if (promised != left) {
                throw new TensorFormatException(
                        "its header promises %d bytes of %s, and %d follow".formatted(promised, header, left));
            }
            byte[] bytes = in.readNBytes((int) promised);
            if (bytes.length < promised) {
                throw new TensorFormatException("it ends after %d of %d bytes".formatted(bytes.length, promised));
            }
            return header.tensor(bytes);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new TensorFormatException("Cannot read %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    private static TensorFormatException failure(Path path, String why) {
        return new TensorFormatException("Cannot read %s: %s".formatted(path, why));
    }

    /**
     * Writes a tensor, in version 1, C order and little-endian, over what the file held.
     *
     * @throws IllegalArgumentException if NumPy has no dtype for it: bfloat16
     * @throws IOException if it cannot be written
     */
    public static void write(Path path, HostTensor tensor) throws IOException {
        if (tensor.dtype() == DType.BFLOAT16) {
            throw new IllegalArgumentException(
                    "Cannot write %s as .npy: NumPy has no bfloat16; cast it to float32".formatted(tensor));
        }
        byte[] header = NpyHeader.text(tensor).getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            out.write(MAGIC);
            out.write(new byte[] {1, 0, (byte) header.length, (byte) (header.length >> Byte.SIZE)});
            out.write(header);
            writeElements(out, tensor);
        }
    }

    private static void writeElements(OutputStream out, HostTensor tensor) throws IOException {
        byte[] copy = new byte[(int) Math.min(CHUNK_BYTES, tensor.sizeInBytes())];
        try {
            tensor.forEachLittleEndianChunk(chunk -> {
                while (chunk.hasRemaining()) {
                    int length = Math.min(copy.length, chunk.remaining());
                    chunk.get(copy, 0, length);
                    write(out, copy, length);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void write(OutputStream out, byte[] bytes, int length) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
