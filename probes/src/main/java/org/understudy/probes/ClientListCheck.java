package org.understudy.probes;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.understudy.smtp.DomainName;

/** Asks DNS block lists about clients (RFC 5782). Thread-safe. */
@FunctionalInterface
public interface ClientListCheck {

    /** What one list says. */
    enum Result {
        LISTED,
        NOT_LISTED,
        /** It does not answer, refuses us, or is no list (any more). */
        UNKNOWN
    }

    /**
     * What one list says, and why.
     *
     * @param text codes and reason of the list, or what went wrong
     */
    record Answer(DomainName list, Result result, String text) {}

    /**
     * Asks every list; waits for DNS.
     *
     * @param time after which what is not answered is unknown
     */
    List<Answer> check(InetAddress client, Duration time);
}
