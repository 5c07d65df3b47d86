package org.understudy.spool;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.understudy.smtp.ClientIdentity;

/**
 * Who brought a message and how; becomes its trace field (RFC 5321 section 4.4) and, where the next hop allows, its XCLIENT.
 *
 * @param client address of the peer
 * @param heloName argument of EHLO or HELO, as sent
 * @param protocol {@code SMTP}, {@code ESMTP} or {@code ESMTPS} (RFC 3848), {@code UTF8SMTP} or {@code UTF8SMTPS} (RFC 6531)
 * @param tlsProtocol for example {@code TLSv1.3}; empty for plaintext
 * @param arrival when DATA was received
 */
public record Origin(
        InetAddress client, String heloName, String protocol, Optional<String> tlsProtocol, Instant arrival) {
    /** No session has a protocol of this name. */
    private static final String NOTICE = "notice";

    /** Of a notice that we make ourselves. */
    public static Origin ofNotice(String hostName, Instant now) {
        return new Origin(InetAddress.getLoopbackAddress(), hostName, NOTICE, Optional.empty(), now);
    }

    /** True if we made the message, to tell a sender what became of another. */
    public boolean isNotice() {
        return protocol.equals(NOTICE);
    }

    /** As the next hop is told. */
    public ClientIdentity identity() {
        return new ClientIdentity(client, Optional.empty(), heloName, !protocol.equals("SMTP"));
    }
}
