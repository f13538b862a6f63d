package dev.tessera.catalyst.encoding;

import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a buffer as Spark's {@link Platform} addresses memory, so that a value moves between a row and a batch in
 * one copy. Keeps the buffer reachable.
 */
public final class HostMemory {
    private static final Optional<Field> ADDRESS = addressField();

    private final ByteBuffer bytes;
    private final @Nullable Object base;
    private final long baseOffset;
    private final boolean isAddressable;

    private HostMemory(ByteBuffer bytes, @Nullable Object base, long baseOffset, boolean isAddressable) {
        this.bytes = bytes;
        this.base = base;
        this.baseOffset = baseOffset;
        this.isAddressable = isAddressable;
    }

    /** The whole of {@code buffer}, from index 0 to its capacity. */
    public static HostMemory of(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.duplicate().order(ByteOrder.nativeOrder());
        bytes.clear();
        if (bytes.hasArray()) {
            return new HostMemory(bytes, bytes.array(), Platform.BYTE_ARRAY_OFFSET + (long) bytes.arrayOffset(), true);
        }
        if (bytes.isDirect() && ADDRESS.isPresent()) {
            try {
                return new HostMemory(bytes, null, ADDRESS.get().getLong(bytes), true);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("Buffer.address was made accessible and is not", e);
            }
        }
        return new HostMemory(bytes, null, 0, false);
    }

    /** Spark's own JVMs open java.nio to everyone; in others, direct buffers are copied through the buffer's methods. */
    private static Optional<Field> addressField() {
        try {
            Field field = Buffer.class.getDeclaredField("address");
            return field.trySetAccessible() ? Optional.of(field) : Optional.empty();
        } catch (NoSuchFieldException e) {
            return Optional.empty();
        }
    }

    /** The buffer, in native byte order; absolute access only. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Copies {@code length} bytes at {@code source} and {@code sourceOffset}, as Platform addresses them, to a position. */
    public void copyFrom(@Nullable Object source, long sourceOffset, int position, int length) {
        checkRange(position, length);
        if (isAddressable) {
            Platform.copyMemory(source, sourceOffset, base, baseOffset + position, length);
        } else if (source instanceof byte[] array) {
            bytes.put(position, array, (int) (sourceOffset - Platform.BYTE_ARRAY_OFFSET), length);
        } else {
            for (int i = 0; i < length; i++) {
                bytes.put(position + i, Platform.getByte(source, sourceOffset + i));
            }
        }
    }

    /** Copies {@code length} bytes from a position to {@code target} and {@code targetOffset}, as Platform addresses them. */
    public void copyTo(int position, Object target, long targetOffset, int length) {
        checkRange(position, length);
        if (isAddressable) {
            Platform.copyMemory(base, baseOffset + position, target, targetOffset, length);
        } else if (target instanceof byte[] array) {
            bytes.get(position, array, (int) (targetOffset - Platform.BYTE_ARRAY_OFFSET), length);
        } else {
            for (int i = 0; i < length; i++) {
                Platform.putByte(target, targetOffset + i, bytes.get(position + i));
            }
        }
    }

    /** Sets {@code length} bytes at a position to 0. */
    public void zero(int position, int length) {
        checkRange(position, length);
        if (isAddressable) {
            Platform.setMemory(base, baseOffset + position, length, (byte) 0);
        } else {
            for (int i = 0; i < length; i++) {
                bytes.put(position + i, (byte) 0);
            }
        }
    }

    private void checkRange(int position, int length) {
        if (position < 0 || length < 0 || position > bytes.capacity() - length) {
            throw new IndexOutOfBoundsException("Cannot copy %d bytes at %d: the memory has %d bytes"
                    .formatted(length, position, bytes.capacity()));
        }
    }
}
