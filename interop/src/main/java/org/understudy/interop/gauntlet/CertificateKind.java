package org.understudy.interop.gauntlet;

/** What a host shows in TLS. */
enum CertificateKind {
    /** For all hosts of its domain, from the authority that everybody trusts. */
    GOOD,
    /** For somebody else. */
    OTHER_NAME,
    /** From an authority that nobody knows. */
    UNKNOWN_AUTHORITY,
    SELF_MADE,
    /** Ended yesterday. */
    EXPIRED,
    /** Ends in some days. */
    EXPIRING,
    /** With an RSA key of 1024 bits. */
    SHORT_KEY
}
