package org.understudy.spool;

import java.time.Instant;
import java.util.Optional;
import org.understudy.smtp.Recipient;

/**
 * One message for one recipient.
 *
 * @param number position of the recipient in the accepted envelope, from 0
 * @param attempts how often it was offered to a next hop that was up
 * @param nextAttempt not before this time
 * @param lastReply the next hop's last words about it
 */
public record Unit(
        int number,
        Recipient recipient,
        UnitState state,
        int attempts,
        Instant nextAttempt,
        Optional<String> lastReply) {
    private static final String BEFORE = "; before: ";

    /** What is done to it now, and what was said about it last. */
    public String wordsAfter(String words) {
        return words + lastReply.map(last -> BEFORE + last).orElse("");
    }

    /** The same in another state, with other last words. */
    public Unit with(UnitState other, String words) {
        return new Unit(number, recipient, other, attempts, nextAttempt, Optional.of(words));
    }

    /** What was said about it last before anybody did anything to it; empty text if nothing was. */
    public String lastWords() {
        String words = lastReply.orElse("");
        int before = words.lastIndexOf(BEFORE);
        return before < 0 ? words : words.substring(before + BEFORE.length());
    }
}
