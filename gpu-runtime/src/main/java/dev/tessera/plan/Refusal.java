package dev.tessera.plan;

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

    static void require(boolean holds, PlanCheck check, String why, Object... values) {
        if (!holds) {
            throw new Refusal(check, why.formatted(values));
        }
    }
}
