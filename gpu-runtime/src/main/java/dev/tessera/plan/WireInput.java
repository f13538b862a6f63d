package dev.tessera.plan;

import com.esotericsoftware.kryo.kryo5.io.Input;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads bytes that nobody vouches for: nothing is allocated for a count before the bytes that it promises are known to
 * be there, and all that is allocated is charged to a limit of {@code 4 * length + 1 MiB}. Not thread-safe.
 *
 * <p>Numbers have a fixed width, so that what a plan takes in memory stays a small multiple of its bytes. Every failure
 * is a {@link PlanFormatException} that names the byte.
 */
public final class WireInput {
    /** The longest text, in UTF-16 units. */
    public static final int MAX_TEXT_LENGTH = 1 << 16;

    private static final long ALLOWANCE_BYTES = 1L << 20;
    // What a failure takes: two stack traces and a message.
    private static final long RESERVED_FOR_FAILURE_BYTES = 1L << 16;

    private final String whole;
    private final Input input;
    private final int start;
    private final int end;
    private long chargeableBytes;

    /** Reads {@code length} bytes from {@code offset}; {@code what} they are is for messages. */
    public WireInput(String what, byte[] bytes, int offset, int length) {
        this.whole = what;
        this.input = new Input(bytes, offset, length);
        this.start = offset;
        this.end = Math.addExact(offset, length);
        this.chargeableBytes = 4L * length + ALLOWANCE_BYTES - RESERVED_FOR_FAILURE_BYTES;
    }

    public int remaining() {
        return end - input.position();
    }

    public int readInt() {
        need(Integer.BYTES);
        return input.readInt();
    }

    public long readLong() {
        need(Long.BYTES);
        return input.readLong();
    }

    /** A boolean, as 0 or 1. */
    public boolean readBoolean() {
        int value = readInt();
        if (value != 0 && value != 1) {
            throw failure(PlanCheck.CODE, "a boolean is 0 or 1, not " + value);
        }
        return value == 1;
    }

    /** The count of {@code elements}, at most {@code most} and no more than the bytes left hold at {@code bytesEach}. */
    public int readCount(String elements, int bytesEach, int most) {
        int count = readInt();
        if (count < 0 || count > most) {
            throw failure(PlanCheck.COUNT, "%d %s; at most %d".formatted(count, elements, most));
        }
        if ((long) count * bytesEach > remaining()) {
            throw failure(
                    PlanCheck.COUNT,
                    "%d %s of at least %d bytes in the %d bytes left"
                            .formatted(count, elements, bytesEach, remaining()));
        }
        return count;
    }

    /** A {@code length} in bytes that is left to read. */
    public int readableLength(long length, String what) {
        if (length < 0 || length > remaining()) {
            throw failure(PlanCheck.COUNT, "%d %s in the %d bytes left".formatted(length, what, remaining()));
        }
        return (int) length;
    }

    /** A text of at most {@code mostUnits} UTF-16 units. */
    public String readText(String name, int mostUnits) {
        int length = readCount("characters of " + name, Character.BYTES, mostUnits);
        charge(64 + 4L * length);
        return new String(input.readChars(length));
    }

    /** A list of {@code elements}, each read by {@code reader}. */
    @SuppressWarnings("unchecked")
    public <T> List<T> readList(String elements, int bytesEach, int most, Supplier<T> reader) {
        int count = readCount(elements, bytesEach, most);
        charge(count == 0 ? 0 : count < 3 ? 24 : count < 5 ? 64 : 64 + 8L * count);
        // List.of of so few takes no array that it would copy.
        return switch (count) {
            case 0 -> List.of();
            case 1 -> List.of(reader.get());
            case 2 -> List.of(reader.get(), reader.get());
            case 3 -> List.of(reader.get(), reader.get(), reader.get());
            case 4 -> List.of(reader.get(), reader.get(), reader.get(), reader.get());
            default -> {
                Object[] array = new Object[count];
                for (int i = 0; i < count; i++) {
                    array[i] = reader.get();
                }
                yield (List<T>) List.of(array);
            }
        };
    }

    /** The constant that {@code code} names. */
    public <T> T decode(int code, IntFunction<T> ofWireCode) {
        try {
            return ofWireCode.apply(code);
        } catch (IllegalArgumentException e) {
            throw failure(PlanCheck.CODE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The constant that the next code names. */
    public <T> T readCode(IntFunction<T> ofWireCode) {
        return decode(readInt(), ofWireCode);
    }

    /** The next bytes, into {@code target}. */
    public void readBytes(byte[] target, int offset, int length) {
        need(length);
        input.readBytes(target, offset, length);
    }

    /** The next bytes, in place. */
    ByteBuffer skipped(int length) {
        need(length);
        ByteBuffer bytes = ByteBuffer.wrap(input.getBuffer()).slice(input.position(), length);
        input.setPosition(input.position() + length);
        return bytes;
    }

    /** Counts {@code bytes} that are about to be allocated. */
    public void charge(long bytes) {
        chargeableBytes -= bytes;
        if (chargeableBytes < 0) {
            throw failure(
                    PlanCheck.MEMORY,
                    "it takes more than %d bytes of memory"
                            .formatted(4L * (end - start) + ALLOWANCE_BYTES - RESERVED_FOR_FAILURE_BYTES));
        }
    }

    /** Refuses bytes after the end. */
    public void requireEnd() {
        if (remaining() > 0) {
            throw failure(PlanCheck.LENGTH, remaining() + " bytes follow the end");
        }
    }

    /** The failure of {@code check} at the byte before which reading stopped. */
    public PlanFormatException failure(PlanCheck check, String why) {
        return failure(check, why, null);
    }

    PlanFormatException failure(PlanCheck check, String why, @Nullable Throwable cause) {
        return new PlanFormatException(
                check, "Cannot read %s at byte %d: %s".formatted(whole, input.position() - start, why), cause);
    }

    private void need(int bytes) {
        if (bytes > remaining()) {
            throw failure(PlanCheck.LENGTH, "%d bytes are left, %d are needed".formatted(remaining(), bytes));
        }
    }
}
