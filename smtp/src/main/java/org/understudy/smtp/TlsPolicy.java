package org.understudy.smtp;

/** What a client wants of STARTTLS (RFC 3207). The certificate is captured by all that use it, and judged by one. */
public enum TlsPolicy {
    /** Never asks for it. */
    NONE,
    /** Uses it where offered; a failed handshake is reported, and the caller decides about a second try in plaintext. */
    OPPORTUNISTIC,
    /** Fails at {@link SmtpStage#STARTTLS} where it is not offered or does not succeed. */
    REQUIRED,
    /** As {@link #REQUIRED}, and fails where the server does not prove that it is the right one, see {@link ServerTrust}. */
    VERIFIED;

    /** True if there is no session without TLS. */
    public boolean requiresTls() {
        return this == REQUIRED || this == VERIFIED;
    }
}
