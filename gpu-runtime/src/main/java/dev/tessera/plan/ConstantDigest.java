package dev.tessera.plan;

import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The name of a constant: SHA-256 of its dtype, shape and little-endian bytes, the same on every machine. */
public final class ConstantDigest {
    private ConstantDigest() {}

    /** The digest of a tensor in lower-case hex, whatever its storage. */
    public static String of(HostTensor tensor) {
        ByteBuffer type = ByteBuffer.allocate(2 * Integer.BYTES + tensor.rank() * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(tensor.dtype().wireCode())
                .putInt(tensor.rank());
        for (int axis = 0; axis < tensor.rank(); axis++) {
            type.putLong(tensor.size(axis));
        }
        MessageDigest sha256 = Sha256.create();
        sha256.update(type.flip());
        tensor.forEachLittleEndianChunk(sha256::update);
        return HexFormat.of().formatHex(sha256.digest());
    }
}
