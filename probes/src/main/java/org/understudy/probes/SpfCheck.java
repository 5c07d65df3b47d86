package org.understudy.probes;

import java.net.InetAddress;
import org.understudy.smtp.Mailbox;

/** Asks DNS whether a client may send for a domain (RFC 7208). Thread-safe. */
@FunctionalInterface
public interface SpfCheck {

    /** What DNS says (RFC 7208 section 2.6). */
    enum Result {
        PASS,
        FAIL,
        SOFTFAIL,
        NEUTRAL,
        /** The domain says nothing. */
        NONE,
        TEMPERROR,
        PERMERROR
    }

    /**
     * Checks one sender; waits for DNS.
     *
     * @param sender the reverse-path
     * @param heloName as the client said it
     */
    Result check(InetAddress client, Mailbox sender, String heloName);
}
