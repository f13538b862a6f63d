package dev.tessera.examples;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file of unsigned bytes, gzipped or not: two zero bytes, 8 for the type, the rank, the sizes as big-endian int32,
 * and then exactly as many bytes as they say. Immutable by convention: the bytes are shared, not copied.
 */
final class IdxFile {
    private static final int UNSIGNED_BYTE = 8;
    private static final int MAX_RANK = 4;
    private static final int GZIP_MAGIC_1 = 0x1f;
    private static final int GZIP_MAGIC_2 = 0x8b;
    private static final long MAX_BYTES = Integer.MAX_VALUE - 15L;

    private final int[] sizes;
    private final byte[] bytes;

    private IdxFile(int[] sizes, byte[] bytes) {
        this.sizes = sizes;
        this.bytes = bytes;
    }

    /**
     * Reads a file.
     *
     * @throws ExampleException if there is none, or it is no whole IDX file of unsigned bytes
     */
    static IdxFile read(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return read(in, path.toString());
        } catch (NoSuchFileException e) {
            throw ExampleException.failure("Cannot read %s: there is no such file".formatted(path), e);
        } catch (AccessDeniedException e) {
            throw ExampleException.failure("Cannot read %s: permission denied".formatted(path), e);
        } catch (IOException e) {
            throw ExampleException.failure("Cannot read %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param name of what is read, for messages
     */
    static IdxFile read(InputStream in, String name) throws IOException {
        try {
            return parse(unzipped(in));
        } catch (CorruptException e) {
            throw corrupt(name, String.valueOf(e.getMessage()), e);
        } catch (EOFException e) {
            throw corrupt(name, "it ends too early", e);
        } catch (ZipException e) {
            throw corrupt(name, "its gzip is damaged (%s)".formatted(e.getMessage()), e);
        }
    }

    private static ExampleException corrupt(String name, String why, Throwable cause) {
        return ExampleException.failure("Cannot read %s: %s; fetch the file again".formatted(name, why), cause);
    }

    /** What the file says is wrong with itself. */
    private static final class CorruptException extends RuntimeException {
        private static final long serialVersionUID = 1;

        CorruptException(String why) {
            super(why);
        }
    }

    private static InputStream unzipped(InputStream in) throws IOException {
        byte[] start = in.readNBytes(2);
        PushbackInputStream whole = new PushbackInputStream(in, 2);
        whole.unread(start);
        boolean isGzip = start.length == 2 && (start[0] & 0xff) == GZIP_MAGIC_1 && (start[1] & 0xff) == GZIP_MAGIC_2;
        return isGzip ? new GZIPInputStream(whole, 1 << 16) : whole;
    }

    private static IdxFile parse(InputStream in) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(exactly(in, 4));
        int magic = header.getInt(0);
        int rank = magic & 0xff;
        if (magic >>> 8 != UNSIGNED_BYTE || rank < 1 || rank > MAX_RANK) {
            throw new CorruptException(
                    "it starts with %08x, an IDX file of unsigned bytes with 000008 and its rank".formatted(magic));
        }
        ByteBuffer encodedSizes = ByteBuffer.wrap(exactly(in, 4 * rank));
        int[] sizes = new int[rank];
        long count = 1;
        for (int axis = 0; axis < rank; axis++) {
            sizes[axis] = encodedSizes.getInt();
            if (sizes[axis] < 1 || count * sizes[axis] > MAX_BYTES) {
                throw new CorruptException("it says that axis %d has size %s".formatted(axis, sizes[axis]));
            }
            count *= sizes[axis];
        }
        byte[] bytes = in.readNBytes((int) count);
        if (bytes.length < count) {
            throw new CorruptException(
                    "it has %d bytes of the %d that its sizes %s take".formatted(bytes.length, count, text(sizes)));
        }
        if (in.read() >= 0) {
            throw new CorruptException(
                    "it goes on after the %d bytes that its sizes %s take".formatted(count, text(sizes)));
        }
        return new IdxFile(sizes, bytes);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static String text(int[] sizes) {
        return Arrays.toString(sizes);
    }

    int rank() {
        return sizes.length;
    }

    int size(int axis) {
        return sizes[axis];
    }

    /** All elements, row-major. */
    byte[] bytes() {
        return bytes;
    }
}
