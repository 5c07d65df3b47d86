package org.understudy.probes;

import java.time.Duration;
import org.understudy.smtp.Mailbox;

/**
 * How canaries of one domain are sent and found.
 *
 * @param recipient whose mailbox they arrive in
 * @param sender envelope and header sender; each canary puts its token behind the local part ({@code sender+token@...})
 * @param imap the mailbox
 * @param pollInterval how often the mailbox is searched when the server does not announce arrivals
 * @param patience how long one run waits for its canary before it reports what is known by then
 * @param lateAfter latency above which a canary is delayed
 * @param lostAfter time after which an accepted canary that was not seen, is not held and is not bounced, is lost
 */
public record CanarySettings(
        Mailbox recipient,
        Mailbox sender,
        ImapSettings imap,
        Duration pollInterval,
        Duration patience,
        Duration lateAfter,
        Duration lostAfter) {}
