package dev.tessera.compile;

import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a plan names a constant by: the SHA-256 of its dtype, shape and bytes. */
final class ConstantDigest {
    private ConstantDigest() {}

    static String of(HostTensor value) {
        ByteBuffer header = ByteBuffer.allocate(8 + 8 * value.rank());
        header.putInt(value.dtype().wireCode()).putInt(value.rank());
        for (int axis = 0; axis < value.rank(); axis++) {
            header.putLong(value.size(axis));
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(header.array());
            return HexFormat.of().formatHex(digest.digest(value.toLittleEndianBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no SHA-256", e);
        }
    }
}
