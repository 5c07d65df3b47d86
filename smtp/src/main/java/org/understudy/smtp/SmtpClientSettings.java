package org.understudy.smtp;

/**
 * What a client says of itself and how long it waits.
 *
 * @param ehloName fully qualified name, or address literal, sent with EHLO
 * @param tls whether STARTTLS is used
 * @param trust what {@link TlsPolicy#VERIFIED} asks of the server
 * @param timeouts per step
 * @param pipelining whether commands are sent in groups where the server offers it (RFC 2920)
 */
public record SmtpClientSettings(
        String ehloName, TlsPolicy tls, ServerTrust trust, SmtpTimeouts timeouts, boolean pipelining) {
    /** Pipelining where it is offered, and the standard of trust. */
    public SmtpClientSettings(String ehloName, TlsPolicy tls, SmtpTimeouts timeouts) {
        this(ehloName, tls, ServerTrust.STANDARD, timeouts, true);
    }
}
