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
        Optional<String> lastReply) {}
