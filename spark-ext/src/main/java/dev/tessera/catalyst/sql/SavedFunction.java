package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.FunctionDefinition;
import dev.tessera.catalyst.encoding.OutputFormat;
import dev.tessera.compile.CompileOptions;
import dev.tessera.text.GraphSerializer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * A function saved in a file of any file system that Spark reads, found when it is called, and read again when the file
 * has changed. Thread-safe.
 */
final class SavedFunction implements Supplier<FunctionDefinition> {
    private static final long MAX_SIZE_IN_BYTES = Integer.MAX_VALUE - 15L;

    private final String key;
    private final String path;
    private @Nullable Loaded loaded;

    private record Loaded(long modificationTime, long sizeInBytes, FunctionDefinition definition) {
        boolean isOf(FileStatus status) {
            return status.getModificationTime() == modificationTime && status.getLen() == sizeInBytes;
        }
    }

    /** The function saved at a path, which the configuration {@code key} names. */
    SavedFunction(String key, String path) {
        this.key = key;
        this.path = path;
    }

    @Override
    public synchronized FunctionDefinition get() {
        try {
            Path file = new Path(path);
            FileSystem files = file.getFileSystem(configuration());
            FileStatus status = files.getFileStatus(file);
            Loaded current = loaded;
            if (current == null || !current.isOf(status)) {
                current = new Loaded(status.getModificationTime(), status.getLen(), read(files, status));
                loaded = current;
            }
            return current.definition();
        } catch (FileNotFoundException e) {
            throw refused("there is no such file", e);
        } catch (IOException | IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        }
    }

    private static FunctionDefinition read(FileSystem files, FileStatus status) throws IOException {
        if (status.isDirectory() || status.getLen() > MAX_SIZE_IN_BYTES) {
            throw new IOException("it is a folder, or larger than " + MAX_SIZE_IN_BYTES + " bytes");
        }
        byte[] bytes = new byte[(int) status.getLen()];
        try (FSDataInputStream input = files.open(status.getPath())) {
            input.readFully(0, bytes);
        }
        return new FunctionDefinition(
                GraphSerializer.read(bytes), CompileOptions.DEFAULT, OutputFormat.LIKE_INPUT, Map.of());
    }

    private IllegalArgumentException refused(String reason, Exception cause) {
        return new IllegalArgumentException(
                "Cannot read the function at %s, which %s names: %s; write it there with TensorFunction.save, or mend the path"
                        .formatted(path, key, reason),
                cause);
    }

    private static Configuration configuration() {
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        return active.isDefined() ? active.get().hadoopConfiguration() : new Configuration();
    }
}
