package org.understudy.spool.dsn;

import java.time.Instant;
import java.util.Optional;
import org.understudy.smtp.EnhancedStatusCode;
import org.understudy.smtp.Recipient;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitState;
import org.understudy.spool.forwarding.LastReply;

/**
 * What a notice says of one recipient (RFC 3464 section 2.3). Immutable.
 *
 * @param action {@code failed} or {@code delayed}
 * @param status the enhanced status code
 * @param diagnostic a reply, if it was the next hop that gave it
 * @param remote the next hop that gave it
 * @param triedUntil for what is delayed
 * @param words for people, why
 */
record RecipientStatus(
        Recipient recipient,
        String action,
        String status,
        Optional<String> diagnostic,
        Optional<String> remote,
        Optional<Instant> triedUntil,
        String words) {
    /** RFC 3463 section 3.5: delivery time expired. */
    private static final String EXPIRED = "4.4.7";
    /** RFC 3463 section 3.1: other or undefined. */
    private static final String GIVEN_BACK = "5.0.0";

    private static final String DELAYED = "4.4.0";

    static RecipientStatus failed(Unit unit, Optional<String> nextHop) {
        Optional<String> reply = LastReply.of(unit);
        Optional<String> refusal = reply.filter(r -> r.startsWith("5"));
        boolean expired = unit.state() == UnitState.EXPIRED && refusal.isEmpty();
        return new RecipientStatus(
                unit.recipient(),
                "failed",
                expired ? EXPIRED : refusal.map(RecipientStatus::code).orElse(GIVEN_BACK),
                reply,
                reply.isPresent() ? nextHop : Optional.empty(),
                Optional.empty(),
                expired
                        ? "its mail server could not be reached, or did not take the message, for too long"
                        : refusal.map(r -> "its mail server refused the message")
                                .orElse("the operator of this server gave the message back"));
    }

    static RecipientStatus delayed(Unit unit, Optional<String> nextHop, Instant triedUntil) {
        Optional<String> reply = LastReply.of(unit);
        return new RecipientStatus(
                unit.recipient(),
                "delayed",
                reply.filter(r -> r.startsWith("4")).map(RecipientStatus::code).orElse(DELAYED),
                reply,
                reply.isPresent() ? nextHop : Optional.empty(),
                Optional.of(triedUntil),
                "its mail server could not be reached yet, or did not take the message yet");
    }

    /** RFC 3463 section 2: of the class of the reply. */
    private static String code(String reply) {
        String text = reply.length() > 4 ? reply.substring(4) : "";
        return EnhancedStatusCode.leading(text)
                .map(EnhancedStatusCode::toString)
                .filter(code -> code.charAt(0) == reply.charAt(0))
                .orElse(reply.charAt(0) + ".0.0");
    }
}
