package org.understudy.smtp;

/** What a client wants of STARTTLS (RFC 3207). The certificate is captured, not judged, by both that use it. */
public enum TlsPolicy {
    /** Never asks for it. */
    NONE,
    /** Uses it where offered; a failed handshake is reported, and the caller decides about a second try in plaintext. */
    OPPORTUNISTIC,
    /** Fails at {@link SmtpStage#STARTTLS} where it is not offered or does not succeed. */
    REQUIRED
}
