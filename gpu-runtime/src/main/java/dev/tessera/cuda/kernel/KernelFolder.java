package dev.tessera.cuda.kernel;

import dev.tessera.cuda.driver.KernelImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled kernels on disk, shared by the processes of a machine. A file appears whole or not at all, carries the digest of
 * what it holds, and is ignored if that does not fit. A folder that cannot be written to costs time, never a result.
 */
final class KernelFolder {
    private static final Logger LOG = LoggerFactory.getLogger(KernelFolder.class);
    private static final byte[] MAGIC = {'T', 'K', 'R', '1'};
    private static final int DIGEST_BYTES = 32;

    private final Path folder;

    KernelFolder(Path folder) {
        this.folder = folder;
    }

    /** The image of a kernel that the compiler of {@code version} made, or any compiler if {@code version} is 0. */
    Optional<KernelImage> read(String key, int version) {
        Path file = folder.resolve(fileName(key, version));
        if (version != 0) {
            return read(file);
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, key + "-*.kernel")) {
            for (Path candidate : files) {
                Optional<KernelImage> image = read(candidate);
                if (image.isPresent()) {
                    return image;
                }
            }
        } catch (IOException e) {
            LOG.debug("No compiled kernels in {}", folder, e);
        }
        return Optional.empty();
    }

    private static String fileName(String key, int version) {
        return "%s-%d.kernel".formatted(key, version);
    }

    private static Optional<KernelImage> read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            LOG.trace("No compiled kernel at {}", file, e);
            return Optional.empty();
        }
        int header = MAGIC.length + 1 + DIGEST_BYTES;
        boolean isWhole = bytes.length > header && Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length));
        Optional<KernelImage.Format> format = isWhole ? format(bytes[MAGIC.length]) : Optional.empty();
        if (format.isEmpty()) {
            LOG.warn("Ignoring {}: it holds no compiled kernel", file);
            return Optional.empty();
        }
        byte[] image = Arrays.copyOfRange(bytes, header, bytes.length);
        if (!MessageDigest.isEqual(sha256(image), Arrays.copyOfRange(bytes, MAGIC.length + 1, header))) {
            LOG.warn("Ignoring {}: its digest is wrong", file);
            return Optional.empty();
        }
        return Optional.of(new KernelImage(format.get(), image));
    }

    private static byte code(KernelImage.Format format) {
        return switch (format) {
            case PTX -> 'P';
            case CUBIN -> 'C';
        };
    }

    private static Optional<KernelImage.Format> format(byte code) {
        return Arrays.stream(KernelImage.Format.values())
                .filter(format -> code(format) == code)
                .findFirst();
    }

    void write(String key, int version, KernelImage image) {
        byte[] bytes = image.bytes();
        ByteBuffer file = ByteBuffer.allocate(MAGIC.length + 1 + DIGEST_BYTES + bytes.length);
        file.put(MAGIC).put(code(image.format())).put(sha256(bytes)).put(bytes);
        try {
            Files.createDirectories(folder);
            Path written = Files.createTempFile(folder, "writing", ".tmp");
            try {
                Files.write(written, file.array());
                Files.move(
                        written,
                        folder.resolve(fileName(key, version)),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            LOG.warn("Cannot keep a compiled kernel in {}; it is compiled again next time", folder, e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
