package dev.tessera.plan;

import java.util.function.Supplier;

/** A check that failed, before anybody says where: thrown and caught within this package only. */
final class Refusal extends RuntimeException {
    private final PlanCheck check;

    Refusal(PlanCheck check, String why) {
        super(why, null, false, false);
        this.check = check;
    }

    PlanCheck check() {
        return check;
    }

    static void require(boolean holds, PlanCheck check, Supplier<String> why) {
        if (!holds) {
            throw new Refusal(check, why.get());
        }
    }
}
