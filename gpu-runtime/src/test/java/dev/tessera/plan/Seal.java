package dev.tessera.plan;

import java.security.MessageDigest;

/** Gives plan bytes the digest of their body, as one who forges them would. */
final class Seal {
    private static final int DIGEST_AT = 8;
    private static final int BODY_AT = DIGEST_AT + Sha256.SIZE_IN_BYTES;

    private Seal() {}

    static void seal(byte[] bytes) {
        MessageDigest sha256 = Sha256.create();
        sha256.update(bytes, BODY_AT, bytes.length - BODY_AT);
        System.arraycopy(sha256.digest(), 0, bytes, DIGEST_AT, Sha256.SIZE_IN_BYTES);
    }
}
