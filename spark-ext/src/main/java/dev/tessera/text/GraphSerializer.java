package dev.tessera.text;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.expr.Graph;
import dev.tessera.plan.PlanCheck;
import dev.tessera.plan.PlanFormatException;
import dev.tessera.plan.WireInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Turns a graph, its constants with it, into versioned bytes and back: magic, format version, SHA-256 of the body, body.
 * This is what a user saves; a plan is compiled from it again by whatever version loads it.
 *
 * <p>Reading is bounded (see {@link WireInput}): what a graph keeps takes at most four times its bytes and 1 MiB. Every
 * application is typed anew and must get the types that it was written with, so that a version that infers others refuses
 * the graph rather than giving other values.
 */
public final class GraphSerializer {
    /** The version that this class writes, and the highest that it reads. */
    public static final int FORMAT_VERSION = 1;

    // "TSRG", read as little-endian.
    private static final int MAGIC = 0x47525354;
    private static final int DIGEST_BYTES = 32;
    private static final int DIGEST_AT = 2 * Integer.BYTES;
    private static final int BODY_AT = DIGEST_AT + DIGEST_BYTES;
    private static final int INITIAL_BYTES = 4096;
    private static final int NO_LIMIT = -1;
    // So few values cannot take the allowance of a reader; more are read back to be sure.
    private static final int SURELY_READABLE_APPLIES = 500;

    private GraphSerializer() {}

    /**
     * The bytes of a graph.
     *
     * @throws IllegalArgumentException if it reads an input that it does not list, or is larger than what is read back
     */
    public static byte[] write(Graph graph) {
        byte[] bytes;
        int applies;
        try {
            Output output = new Output(INITIAL_BYTES, NO_LIMIT);
            output.writeInt(MAGIC);
            output.writeInt(FORMAT_VERSION);
            output.writeBytes(new byte[DIGEST_BYTES]);
            applies = new GraphWriter(graph).write(output);
            bytes = output.toBytes();
        } catch (KryoException e) {
            throw new IllegalArgumentException(
                    "Cannot write graph: it takes more than 2 GiB; pass large constants as parameters", e);
        }
        byte[] digest = bodyDigest(bytes);
        System.arraycopy(digest, 0, bytes, DIGEST_AT, digest.length);
        if (applies > SURELY_READABLE_APPLIES) {
            read(bytes);
        }
        return bytes;
    }

    /**
     * The graph of some bytes.
     *
     * @throws TensorFormatException if they are not the bytes of a graph that this version reads, whatever they are
     */
    public static Graph read(byte[] bytes) {
        requireDigest(bytes);
        WireInput input = new WireInput("graph", bytes, BODY_AT, bytes.length - BODY_AT);
        try {
            Graph graph = new GraphReader(input).read();
            input.requireEnd();
            return graph;
        } catch (PlanFormatException e) {
            throw new TensorFormatException(String.valueOf(e.getMessage()), e);
        } catch (KryoException
                | IllegalArgumentException
                | IllegalStateException
                | ArithmeticException
                | IndexOutOfBoundsException e) {
            PlanFormatException failure = input.failure(PlanCheck.CODE, String.valueOf(e.getMessage()));
            throw new TensorFormatException(String.valueOf(failure.getMessage()), e);
        }
    }

    /**
     * The identity of the graph in these bytes: the SHA-256 of its body in lower-case hex, which is checked.
     *
     * @throws TensorFormatException if the envelope is not that of a graph that this version reads
     */
    public static String identity(byte[] bytes) {
        return HexFormat.of().formatHex(requireDigest(bytes));
    }

    private static byte[] requireDigest(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < BODY_AT || header.getInt() != MAGIC) {
            throw new TensorFormatException(
                    "Cannot read graph: %d bytes that start no saved graph".formatted(bytes.length));
        }
        int version = header.getInt();
        if (version != FORMAT_VERSION) {
            throw new TensorFormatException(
                    "Cannot read graph: format version %d, this Tessera reads %d; load it with the version that saved it"
                            .formatted(version, FORMAT_VERSION));
        }
        byte[] written = new byte[DIGEST_BYTES];
        header.get(written);
        if (!MessageDigest.isEqual(written, bodyDigest(bytes))) {
            throw new TensorFormatException(
                    "Cannot read graph: its %d bytes do not have the digest %s that they carry; save or copy it again"
                            .formatted(bytes.length, HexFormat.of().formatHex(written)));
        }
        return written;
    }

    private static byte[] bodyDigest(byte[] bytes) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes, BODY_AT, bytes.length - BODY_AT);
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java platform has no SHA-256", e);
        }
    }
}
