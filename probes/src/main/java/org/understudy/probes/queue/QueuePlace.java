package org.understudy.probes.queue;

import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * Which queue is looked at, and how it is spoken of. Immutable.
 *
 * @param domain whose mail it is
 * @param host of whom the queue is; empty for the bundled spool
 */
record QueuePlace(DomainName domain, Optional<DomainName> host) {
    private static final String SPOOL = "spool";

    /** Last part of the probe's id. */
    String target() {
        return host.map(DomainName::text).orElse(SPOOL);
    }

    /** What a finding is about. */
    String subject() {
        return host.orElse(domain).text();
    }

    /** Behind mail for a domain: where that is. */
    String where() {
        return host.map(name -> " at " + name).orElse("");
    }

    /** What waits, by the kind that is counted. */
    String units() {
        return host.isEmpty() ? "recipient(s) of mail" : "message(s)";
    }

    /** What is said of a primary that does not count as up. */
    String notUp() {
        return host.isEmpty() ? "down" : "not seen to be up";
    }

    /** Behind an age that exceeds the retention: how that can be. */
    String beyond(String limit) {
        return host.isEmpty()
                ? ": what was released does not expire again"
                : ", longer than the " + limit + " that it is said to be kept";
    }
}
