package dev.tessera.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes the bytes of a plan, past the header or in it, as a broken disk or a forger does. */
final class ByteMutation {
    private static final int BODY_AT = 40;
    private static final int[] WORDS = {0, 1, -1, 2, 255, 1 << 16, 1 << 24, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private final SplittableRandom random;
    private final List<byte[]> others;

    ByteMutation(SplittableRandom random, List<byte[]> others) {
        this.random = random;
        this.others = others;
    }

    byte[] mutated(byte[] bytes) {
        return switch (random.nextInt(7)) {
            case 0 -> withBit(bytes);
            case 1, 2 -> withWord(bytes, WORDS[random.nextInt(WORDS.length)]);
            case 3 -> withWord(bytes, random.nextInt(64));
            case 4 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 5 -> longer(bytes);
            default -> spliced(bytes);
        };
    }

    private int position(byte[] bytes) {
        int from = random.nextInt(16) == 0 ? 0 : Math.min(BODY_AT, bytes.length - 1);
        return random.nextInt(from, bytes.length);
    }

    private byte[] withBit(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[position(bytes)] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    private byte[] withWord(byte[] bytes, int word) {
        byte[] changed = bytes.clone();
        int at = position(bytes) / 4 * 4;
        if (at + 4 <= bytes.length) {
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, word);
        }
        return changed;
    }

    private byte[] longer(byte[] bytes) {
        int at = position(bytes);
        int count = random.nextInt(1, 64);
        byte[] changed = Arrays.copyOf(bytes, bytes.length + count);
        System.arraycopy(bytes, at, changed, at + count, bytes.length - at);
        return changed;
    }

    private byte[] spliced(byte[] bytes) {
        byte[] other = others.get(random.nextInt(others.size()));
        int at = position(bytes) / 4 * 4;
        byte[] changed = Arrays.copyOf(bytes, Math.max(at, other.length));
        System.arraycopy(
                other,
                Math.min(at, other.length),
                changed,
                Math.min(at, other.length),
                other.length - Math.min(at, other.length));
        return changed;
    }
}
