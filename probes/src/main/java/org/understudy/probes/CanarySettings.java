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
        Duration lostAfter) {
    // RFC 5321 section 4.5.3.1.1
    private static final int MAX_LOCAL_PART = 64;

    /** Envelope and header sender of samples, by which they are told from canaries before their content is seen. */
    public Mailbox sampleSender() {
        String local = sender.localPart() + "+sample";
        return local.startsWith("\"") || local.length() > MAX_LOCAL_PART ? sender : new Mailbox(local, sender.domain());
    }
}
