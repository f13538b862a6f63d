package dev.tessera.plan;

import org.jspecify.annotations.Nullable;

/** Bytes are no plan, tensor or dim that this version reads, or a plan is none that a backend may run. */
public final class PlanFormatException extends IllegalArgumentException {
    private final PlanCheck check;

    public PlanFormatException(PlanCheck check, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.check = check;
    }

    public PlanFormatException(PlanCheck check, String message) {
        this(check, message, null);
    }

    /** The check that failed. */
    public PlanCheck check() {
        return check;
    }
}
