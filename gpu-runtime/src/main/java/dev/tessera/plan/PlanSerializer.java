package dev.tessera.plan;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Turns a plan into versioned bytes and back: magic, format version, SHA-256 of the body, body.
 *
 * <p>The digest is the identity of a plan: equal plans have equal bytes. Reading is bounded (see {@link WireInput}) and
 * proves only that the bytes are a plan; whether it may run is for {@link PlanVerifier}.
 */
public final class PlanSerializer {
    /** The version that this class writes, and the only one that it reads: driver and executors run the same Tessera. */
    public static final int FORMAT_VERSION = 1;

    // "TSRP", read as little-endian.
    private static final int MAGIC = 0x50525354;
    private static final int DIGEST_AT = 2 * Integer.BYTES;
    private static final int BODY_AT = DIGEST_AT + Sha256.SIZE_IN_BYTES;
    private static final int INITIAL_BYTES = 4096;
    private static final int NO_LIMIT = -1;

    private PlanSerializer() {}

    /**
     * The bytes of a plan.
     *
     * @throws IllegalArgumentException if a text or a dim in it is larger than what is read back
     */
    public static byte[] write(ExecutionPlan plan) {
        Output output = new Output(INITIAL_BYTES, NO_LIMIT);
        output.writeInt(MAGIC);
        output.writeInt(FORMAT_VERSION);
        output.writeBytes(new byte[Sha256.SIZE_IN_BYTES]);
        PlanWriter.write(plan, output);
        byte[] bytes = output.toBytes();
        byte[] digest = bodyDigest(bytes);
        System.arraycopy(digest, 0, bytes, DIGEST_AT, digest.length);
        return bytes;
    }

    /**
     * The plan of some bytes.
     *
     * @throws PlanFormatException if they are not the bytes of a plan in this version, whatever they are
     */
    public static ExecutionPlan read(byte[] bytes) {
        requireDigest(bytes);
        WireInput input = new WireInput("plan", bytes, BODY_AT, bytes.length - BODY_AT);
        try {
            ExecutionPlan plan = new PlanReader(input).read();
            input.requireEnd();
            return plan;
        } catch (PlanFormatException e) {
            throw e;
        } catch (KryoException | IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw input.failure(PlanCheck.CODE, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The identity of the plan in these bytes: the SHA-256 of its body in lower-case hex, which is checked.
     *
     * @throws PlanFormatException if the envelope is not that of a plan in this version
     */
    public static String identity(byte[] bytes) {
        return HexFormat.of().formatHex(requireDigest(bytes));
    }

    private static byte[] requireDigest(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < BODY_AT || header.getInt() != MAGIC) {
            throw new PlanFormatException(
                    PlanCheck.ENVELOPE, "Cannot read plan: %d bytes that start no plan".formatted(bytes.length));
        }
        int version = header.getInt();
        if (version != FORMAT_VERSION) {
            throw new PlanFormatException(
                    PlanCheck.ENVELOPE,
                    "Cannot read plan: format version %d, this Tessera reads %d; use one version on driver and executors"
                            .formatted(version, FORMAT_VERSION));
        }
        byte[] written = new byte[Sha256.SIZE_IN_BYTES];
        header.get(written);
        if (!MessageDigest.isEqual(written, bodyDigest(bytes))) {
            throw new PlanFormatException(
                    PlanCheck.DIGEST,
                    "Cannot read plan: its %d bytes do not have the digest %s that they carry"
                            .formatted(bytes.length, HexFormat.of().formatHex(written)));
        }
        return written;
    }

    private static byte[] bodyDigest(byte[] bytes) {
        MessageDigest sha256 = Sha256.create();
        sha256.update(bytes, BODY_AT, bytes.length - BODY_AT);
        return sha256.digest();
    }
}
