package dev.tessera.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A folder of this process and class loader alone, that others can neither read nor write and files can be executed from.
 *
 * <p>Nothing is shared and nothing stays: processes that start at once cannot see each other's half-written files, a process
 * that was killed leaves none for the next, nobody else can put a library there, and two class loaders, which may not load
 * the same file, each have their own. A library is deleted as soon as it is loaded; the folder, when the process ends.
 */
final class PrivateFolder {
    private static final String FILE_MODE = "rwx------";

    private final Path folder;

    private PrivateFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * A new folder in the first of {@code parents} that can have one.
     *
     * @throws IOException if none can; the message has the reason of each
     */
    static PrivateFolder in(List<Path> parents) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Path parent : parents) {
            try {
                Files.createDirectories(parent);
                Path folder = Files.createTempDirectory(parent.toAbsolutePath(), "tessera-cuda-");
                folder.toFile().deleteOnExit();
                if (canExecuteIn(folder)) {
                    return new PrivateFolder(folder);
                }
                Files.delete(folder);
                reasons.add(parent + " is mounted noexec");
            } catch (IOException e) {
                reasons.add("%s: %s".formatted(parent, reason(e)));
            }
        }
        throw new IOException(String.join(", ", reasons));
    }

    Path path() {
        return folder;
    }

    /**
     * Writes a resource as {@code name}, whole or not at all.
     *
     * @return its SHA-256 in hexadecimal digits
     * @throws IOException if it cannot be written, or what is then read from the disk is something else
     */
    String extract(URL resource, String name) throws IOException {
        try (InputStream in = resource.openStream()) {
            return write(in, resource.toString(), name);
        }
    }

    /**
     * As {@link #extract}, of what {@code in} gives.
     *
     * @param source what messages call that
     */
    String write(InputStream in, String source, String name) throws IOException {
        Path part = folder.resolve(name + ".part");
        MessageDigest written = sha256();
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE_MODE)));
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.WRITE)) {
            new DigestInputStream(in, written).transferTo(out);
        }
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        String digest = HexFormat.of().formatHex(written.digest());
        String read = digestOf(part);
        if (!read.equals(digest)) {
            throw new IOException("%s has SHA-256 %s, which is not that of %s".formatted(part, read, source));
        }
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        return digest;
    }

    /** Deletes a file that was extracted, if there is one; what has it loaded keeps it. */
    void delete(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            folder.resolve(name).toFile().deleteOnExit();
        }
    }

    private static boolean canExecuteIn(Path folder) throws IOException {
        Path file = Files.createTempFile(
                folder, "exec", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE_MODE)));
        try {
            return Files.isExecutable(file);
        } finally {
            Files.delete(file);
        }
    }

    private static String digestOf(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java platform has no SHA-256", e);
        }
    }

    private static String reason(IOException e) {
        // The message of these exceptions is the path alone.
        String name = e.getClass().getSimpleName();
        return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : name + " " + e.getMessage();
    }
}
