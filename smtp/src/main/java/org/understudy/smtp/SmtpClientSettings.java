package org.understudy.smtp;

/**
 * What a client says of itself and how long it waits.
 *
 * @param ehloName fully qualified name, or address literal, sent with EHLO
 * @param tls whether STARTTLS is used
 * @param timeouts per step
 */
public record SmtpClientSettings(String ehloName, TlsPolicy tls, SmtpTimeouts timeouts) {}
