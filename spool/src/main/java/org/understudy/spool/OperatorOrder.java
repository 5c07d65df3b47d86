package org.understudy.spool;

/**
 * Who wants something done, and why; both stand in the audit log. Immutable.
 *
 * @param actor a person, as the person's login or token says
 * @param reason may be empty where nothing is lost by the order
 */
public record OperatorOrder(String actor, String reason) {
    public OperatorOrder {
        actor = oneLine(actor);
        reason = oneLine(reason);
        if (actor.isEmpty()) {
            throw new IllegalArgumentException("an order needs somebody who gives it");
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /** {@code held by ann: maintenance}. */
    String words(String what) {
        return what + " by " + actor + (reason.isEmpty() ? "" : ": " + reason);
    }
}
