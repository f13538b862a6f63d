package dev.tessera.plan;

import org.jspecify.annotations.Nullable;

/** A plan that verifies cannot run with these sizes of its unknown dims; it can with others. */
public final class PlanBindingException extends IllegalArgumentException {
    private final PlanCheck check;

    public PlanBindingException(PlanCheck check, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.check = check;
    }

    /** The check that failed. */
    public PlanCheck check() {
        return check;
    }
}
