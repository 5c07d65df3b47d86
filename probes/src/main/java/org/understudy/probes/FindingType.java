package org.understudy.probes;

import java.util.Locale;

/**
 * The faults that probes know, each with its stable id. What is said of them to people stands in {@code docs/checks.md}, which is
 * part of the jar: one section per id.
 */
public enum FindingType {
    MX_BACKUP_PREFERRED_OVER_PRIMARY(Severity.CRITICAL),
    MX_EQUAL_PREFERENCE(Severity.WARNING),
    MX_BACKUP_MISSING(Severity.CRITICAL),
    MX_PRIMARY_MISSING(Severity.CRITICAL),
    MX_UNEXPECTED_HOST(Severity.WARNING),
    MX_RRSET_CHANGED(Severity.INFO, Confirmation.IMMEDIATE),
    MX_NONE_IMPLICIT(Severity.CRITICAL),
    MX_NULL_ON_MAIL_DOMAIN(Severity.CRITICAL),
    MX_NULL_WITH_OTHER(Severity.CRITICAL),
    MX_TARGET_IS_CNAME(Severity.WARNING),
    MX_TARGET_IS_ADDRESS_LITERAL(Severity.CRITICAL),
    MX_TARGET_INVALID_NAME(Severity.WARNING),
    MX_TARGET_NO_ADDRESS(Severity.CRITICAL),
    MX_TARGET_SPECIAL_ADDRESS(Severity.CRITICAL),
    MX_TARGET_DANGLING(Severity.CRITICAL),
    MX_DUPLICATE_TARGET(Severity.INFO),
    MX_BACKUP_BEYOND_SENDER_LIMIT(Severity.WARNING),
    MX_FAMILY_ASYMMETRY(Severity.WARNING),
    SUBDOMAIN_MX_PARITY(Severity.WARNING),
    MX_TTL_UNSUITABLE(Severity.INFO),
    AUTHORITATIVE_SERVERS_DISAGREE(Severity.WARNING),
    AUTHORITATIVE_SERVER_UNREACHABLE(Severity.WARNING),
    DELEGATION_MISMATCH(Severity.WARNING),
    RESOLVER_VIEW_DIFFERS(Severity.WARNING),
    DNS_SHARED_FATE_WITH_PRIMARY(Severity.CRITICAL),
    DNSSEC_BOGUS(Severity.CRITICAL),
    DNSSEC_SIGNATURES_EXPIRING(Severity.WARNING),
    DNSSEC_INSECURE_MX_HOST(Severity.INFO),
    MX_PTR_MISSING_OR_MISMATCHED(Severity.WARNING),
    PRIMARY_SMTP_UNREACHABLE(Severity.CRITICAL),
    BACKUP_SMTP_UNREACHABLE(Severity.CRITICAL),
    MX_ADDRESS_PARTIALLY_UNREACHABLE(Severity.WARNING),
    SHARED_FATE_SAME_HOST(Severity.CRITICAL),
    SHARED_FATE_SAME_NETWORK(Severity.WARNING),
    SMTP_GREETING_HARD_REJECT(Severity.CRITICAL, Confirmation.IMMEDIATE),
    SMTP_SERVICE_UNAVAILABLE_4XX(Severity.WARNING),
    SMTP_SLOW(Severity.WARNING),
    PRIMARY_HALF_UP(Severity.CRITICAL),
    PRIMARY_FLAPPING(Severity.WARNING),
    BACKUP_FORWARD_PATH_BLOCKED(Severity.CRITICAL),
    SMTP_MIDDLEBOX_INTERFERENCE(Severity.WARNING),
    NOLISTING_OR_TARPIT_MX(Severity.INFO),
    BACKUP_OPEN_RELAY(Severity.CRITICAL, Confirmation.IMMEDIATE),
    BACKUP_REFUSES_DOMAIN(Severity.CRITICAL, Confirmation.IMMEDIATE),
    BACKUP_ACCEPTS_UNKNOWN_RECIPIENTS(Severity.CRITICAL),
    BACKUP_REJECTS_VALID_RECIPIENTS(Severity.CRITICAL),
    RECIPIENT_CHECK_FAILS_HARD(Severity.CRITICAL),
    RECIPIENT_CHECK_FAILS_OPEN(Severity.WARNING),
    CALLOUT_UNRELIABLE(Severity.INFO),
    SIZE_LIMIT_MISMATCH(Severity.CRITICAL),
    SMTPUTF8_MISMATCH(Severity.WARNING),
    _8BITMIME_MISMATCH(Severity.WARNING),
    CHUNKING_BINARYMIME_MISMATCH(Severity.WARNING),
    DSN_EXTENSION_MISMATCH(Severity.INFO),
    REQUIRETLS_MISMATCH(Severity.INFO),
    NULL_SENDER_REJECTED(Severity.CRITICAL),
    POSTMASTER_REJECTED(Severity.WARNING),
    RECIPIENT_LIMIT_TOO_LOW(Severity.WARNING),
    HELO_POLICY_MISMATCH(Severity.WARNING),
    BACKUP_OFFERS_AUTH_OR_SUBMISSION(Severity.WARNING),
    VRFY_EXPN_ETRN_OPEN(Severity.INFO),
    BARE_LF_ACCEPTED(Severity.CRITICAL, Confirmation.IMMEDIATE),
    ADDRESS_SEMANTICS_MISMATCH(Severity.WARNING),
    TLS_HANDSHAKE_FAILS(Severity.WARNING),
    TLS_CERT_EXPIRED(Severity.CRITICAL),
    TLS_CERT_EXPIRING(Severity.WARNING),
    STARTTLS_MISSING_ON_BACKUP(Severity.CRITICAL),
    TLS_CERT_BACKUP_MISMATCH(Severity.CRITICAL),
    TLS_CHAIN_UNTRUSTED(Severity.CRITICAL),
    TLS_VERSION_OR_CIPHER_OUTDATED(Severity.WARNING),
    TLS_PARITY_DIFFERS(Severity.INFO),
    TLS_SNI_REQUIRED(Severity.WARNING),
    STARTTLS_PLAINTEXT_INJECTION(Severity.CRITICAL),
    DANE_TLSA_MISSING_FOR_BACKUP(Severity.WARNING),
    DANE_TLSA_MISMATCH(Severity.CRITICAL),
    DANE_ROLLOVER_AT_RISK(Severity.WARNING),
    DANE_TLSA_INSECURE(Severity.INFO),
    DANE_RECORDS_UNUSABLE(Severity.WARNING),
    TLSA_DENIAL_BROKEN(Severity.CRITICAL),
    MTA_STS_POLICY_OMITS_BACKUP(Severity.CRITICAL),
    MTA_STS_POLICY_UNFETCHABLE(Severity.WARNING),
    MTA_STS_POLICY_INVALID(Severity.WARNING),
    MTA_STS_TXT_POLICY_OUT_OF_STEP(Severity.WARNING),
    MTA_STS_LISTS_UNKNOWN_HOST(Severity.INFO),
    MTA_STS_WEAK(Severity.INFO),
    TLSRPT_MISSING_OR_UNUSABLE(Severity.WARNING),
    SPF_AUTHORISES_BACKUP_NEEDLESSLY(Severity.INFO),
    BACKUP_DSN_IDENTITY_UNAUTHENTICATED(Severity.WARNING),
    BACKUP_ON_DNSBL(Severity.WARNING),
    QUEUE_AGE_WHILE_PRIMARY_UP(Severity.WARNING),
    QUEUE_GROWING_DURING_OUTAGE(Severity.WARNING),
    QUEUE_OLDER_THAN_RETENTION(Severity.CRITICAL, Confirmation.IMMEDIATE),
    QUEUE_RETENTION_TOO_SHORT(Severity.WARNING),
    QUEUE_RETRY_TOO_SLOW(Severity.WARNING),
    SPOOL_DISK_LOW(Severity.WARNING),
    SPOOL_REFUSING_MAIL(Severity.CRITICAL),
    SPOOL_DURABILITY_DISABLED(Severity.CRITICAL, Confirmation.IMMEDIATE),
    SPOOL_CORRUPT_ENTRY(Severity.CRITICAL, Confirmation.IMMEDIATE),
    QUEUE_RECIPIENT_QUARANTINED(Severity.WARNING),
    QUEUE_NULL_SENDER_BACKLOG(Severity.WARNING),
    SPOOL_ACCOUNTING_MISMATCH(Severity.CRITICAL),
    SPOOL_ACCESS_INSECURE(Severity.WARNING),
    BACKUP_USED_WHILE_PRIMARY_UP(Severity.WARNING),
    PRIMARY_SOFTFAIL_DIVERSION(Severity.WARNING),
    PRIMARY_THROTTLES_BACKUP(Severity.WARNING),
    FILTER_PARITY_GAP(Severity.WARNING, Confirmation.IMMEDIATE),
    BACKUP_REJECTS_CONTENT_PRIMARY_ACCEPTS(Severity.CRITICAL, Confirmation.IMMEDIATE),
    DKIM_BROKEN_BY_BACKUP(Severity.CRITICAL),
    DKIM_EXPIRES_IN_QUEUE(Severity.INFO),
    DMARC_FAILS_VIA_BACKUP(Severity.CRITICAL),
    BACKUP_REWRITES_ENVELOPE(Severity.CRITICAL),
    TRUST_PATH_MISSING(Severity.WARNING),
    AUTH_RESULTS_SPOOFABLE(Severity.WARNING),
    SPF_REJECTS_BACKUP_FORWARDING(Severity.CRITICAL, Confirmation.IMMEDIATE),
    FORWARD_PERMANENTLY_REJECTED(Severity.CRITICAL, Confirmation.IMMEDIATE),
    FORWARD_LOOP(Severity.CRITICAL, Confirmation.IMMEDIATE),
    FORWARD_NOT_TLS(Severity.WARNING, Confirmation.IMMEDIATE),
    CANARY_REJECTED(Severity.CRITICAL),
    CANARY_DEFERRED(Severity.WARNING),
    CANARY_LOST(Severity.CRITICAL),
    CANARY_DELAYED(Severity.WARNING),
    CANARY_DUPLICATED(Severity.WARNING),
    CANARY_MODIFIED(Severity.WARNING),
    CANARY_WRONG_PATH(Severity.CRITICAL),
    CANARY_JUNKED(Severity.WARNING),
    CANARY_BOUNCED(Severity.CRITICAL),
    CANARY_FORGED(Severity.WARNING),
    AGENT_HEARTBEAT_MISSING(Severity.CRITICAL, Confirmation.IMMEDIATE),
    AGENT_SHARES_FATE(Severity.WARNING, Confirmation.IMMEDIATE),
    ALERT_PATH_DEPENDS_ON_MONITORED_MAIL(Severity.CRITICAL, Confirmation.IMMEDIATE),
    ALERT_CHANNEL_FAILING(Severity.CRITICAL, Confirmation.IMMEDIATE),
    AGENT_EGRESS_25_BLOCKED(Severity.WARNING, Confirmation.IMMEDIATE),
    AGENT_VANTAGE_BLOCKLISTED(Severity.WARNING, Confirmation.IMMEDIATE),
    AGENT_CLOCK_SKEW(Severity.WARNING, Confirmation.IMMEDIATE),
    AGENT_RESOLVER_UNTRUSTED(Severity.WARNING, Confirmation.IMMEDIATE),
    AGENT_SCHEDULER_MISFIRE(Severity.WARNING, Confirmation.IMMEDIATE),
    AGENT_STORAGE_FAILING(Severity.CRITICAL, Confirmation.IMMEDIATE),
    AGENT_CONFIG_DRIFT(Severity.WARNING, Confirmation.IMMEDIATE),
    AGENT_SECRET_EXPOSED_OR_EXPIRING(Severity.WARNING, Confirmation.IMMEDIATE),
    AGENT_PROBE_ABUSIVE(Severity.WARNING, Confirmation.IMMEDIATE),
    AGENT_DUAL_ACTIVE(Severity.CRITICAL, Confirmation.IMMEDIATE),
    ALERT_NOISE(Severity.INFO, Confirmation.IMMEDIATE);

    private final Severity severity;
    private final Confirmation confirmation;
    private final String id;

    FindingType(Severity severity) {
        this(severity, Confirmation.REPEATED);
    }

    FindingType(Severity severity, Confirmation confirmation) {
        this.severity = severity;
        this.confirmation = confirmation;
        // A name that begins with a digit has an underscore before it.
        this.id = name().toLowerCase(Locale.ROOT).replaceFirst("^_", "").replace('_', '-');
    }

    /** What it takes before people are told. */
    public enum Confirmation {
        /** As many runs in a row as are configured. */
        REPEATED,
        /** One run: it is an event, or certain as soon as it is seen. */
        IMMEDIATE
    }

    /** Kebab-case, stable for ever, also the anchor in {@code docs/checks.md}. */
    public String id() {
        return id;
    }

    /** Severity without escalation. */
    public Severity severity() {
        return severity;
    }

    /** What it takes before people are told. */
    public Confirmation confirmation() {
        return confirmation;
    }

    /** A few words for a headline. */
    public String title() {
        return CheckText.of(id).title();
    }

    /** What it does to mail. */
    public String impact() {
        return CheckText.of(id).impact();
    }

    /** What to do about it. */
    public String instruction() {
        return CheckText.of(id).instruction();
    }

    /** The standard or observation behind it. */
    public String source() {
        return CheckText.of(id).source();
    }
}
