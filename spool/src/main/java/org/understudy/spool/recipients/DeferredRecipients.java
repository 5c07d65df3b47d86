package org.understudy.spool.recipients;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.ForwardPath;
import org.understudy.spool.forwarding.RecipientAnswer;

/**
 * Recipients that the primary does not take now. While it is up they get the same answer here, so that nobody comes around its
 * limits through the backup. Thread-safe, bounded.
 */
final class DeferredRecipients {
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST = 10_000;

    private final Map<ForwardPath, Deferral> deferrals = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ForwardPath, Deferral> eldest) {
            return size() > MOST;
        }
    };

    /** What the next hop said, and when. */
    record Deferral(RecipientAnswer answer, Instant at) {}

    synchronized void add(RecipientAnswer answer, Instant now) {
        deferrals.remove(answer.recipient());
        deferrals.put(answer.recipient(), new Deferral(answer, now));
    }

    synchronized void remove(ForwardPath recipient) {
        deferrals.remove(recipient);
    }

    synchronized Optional<Deferral> find(ForwardPath recipient, Instant now) {
        return Optional.ofNullable(deferrals.get(recipient)).filter(d -> now.isBefore(d.at().plus(REMEMBERED)));
    }
}
