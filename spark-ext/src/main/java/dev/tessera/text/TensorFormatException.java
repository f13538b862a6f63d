package dev.tessera.text;

import org.jspecify.annotations.Nullable;

/** Bytes or a file hold no graph or tensor that this version reads: the message says where and why. */
public final class TensorFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public TensorFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public TensorFormatException(String message) {
        this(message, null);
    }
}
