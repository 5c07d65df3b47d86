package org.understudy.alerts;

import java.util.List;

/**
 * Mail handed to a submission server, which should not be the one that is watched.
 *
 * @param name of the channel, in status and logs
 * @param port TCP port, usually 587, or 465 with IMPLICIT
 * @param user login name; empty for no login
 * @param password empty for no login
 * @param from address of the sender
 * @param to addresses of the recipients, at least one
 * @param minimumSeverity alerts below it are not sent here
 */
public record EmailSettings(
        String name,
        String host,
        int port,
        Tls tls,
        String user,
        Secret password,
        String from,
        List<String> to,
        Severity minimumSeverity) {

    /** Protection of the connection. */
    public enum Tls {
        /** None: for a server on the same host. */
        NONE,
        /** Upgraded before anything else is said; refused if the server does not offer it. RFC 3207 section 4 */
        STARTTLS,
        /** From the first byte. RFC 8314 section 3.3 */
        IMPLICIT
    }

    public EmailSettings {
        to = List.copyOf(to);
        if (to.isEmpty()) {
            throw new IllegalArgumentException("E-mail channel " + name + " has no recipient: name at least one.");
        }
    }
}
