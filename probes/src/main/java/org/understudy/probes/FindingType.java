package org.understudy.probes;

/**
 * The faults that probes know, each with its stable id. {@code docs/checks.md} has one section per id.
 */
public enum FindingType {
    MX_BACKUP_PREFERRED_OVER_PRIMARY(
            "mx-backup-preferred-over-primary",
            Severity.CRITICAL,
            "Backup is preferred over the primary",
            "Senders hand all mail to the backup first. A backup that looks its next hop up in DNS finds itself first and returns the mail to its senders.",
            "Give the primary the lowest preference number and the backup a higher one, for example 10 and 20, and let the backup forward to a configured host.",
            "RFC 5321 section 5.1"),
    MX_EQUAL_PREFERENCE(
            "mx-equal-preference",
            Severity.WARNING,
            "Primary and backup share a preference",
            "Senders choose at random between equal preferences, so half of the mail takes the detour through the backup.",
            "Give the backup a higher number than the primary.",
            "RFC 5321 section 5.1"),
    MX_BACKUP_MISSING(
            "mx-backup-missing",
            Severity.CRITICAL,
            "A declared backup has no MX record",
            "Senders do not know the backup. When the primary dies, mail waits at its senders until they give up.",
            "Restore the MX record of the backup.",
            "RFC 5321 section 5.1"),
    MX_PRIMARY_MISSING(
            "mx-primary-missing",
            Severity.CRITICAL,
            "A declared primary has no MX record",
            "Senders hand mail to other hosts only, so everything takes the detour or goes astray.",
            "Restore the MX record of the primary.",
            "RFC 5321 section 5.1"),
    MX_UNEXPECTED_HOST(
            "mx-unexpected-host",
            Severity.WARNING,
            "An MX record names a host that is not declared",
            "A host that nobody declared receives mail of the domain: an old provider, a slip of the pen, or somebody else.",
            "Remove the record, or declare the host; if nobody made it, look at the log of the DNS account.",
            "RFC 5321 section 5.1"),
    MX_RRSET_CHANGED(
            "mx-rrset-changed",
            Severity.INFO,
            "The MX records have changed",
            "Nothing, if the change was meant; a slip in the zone, or a stolen account, begins like this.",
            "If it was meant, declare it; if not, restore the old records and look at the log of the DNS account.",
            "RFC 5321 section 5.1",
            Confirmation.IMMEDIATE),
    MX_NONE_IMPLICIT(
            "mx-none-implicit",
            Severity.CRITICAL,
            "The domain has no MX record",
            "Senders fall back to the address of the domain itself, often a web server, or bounce at once.",
            "Publish the MX records.",
            "RFC 5321 section 5.1"),
    MX_NULL_ON_MAIL_DOMAIN(
            "mx-null-on-mail-domain",
            Severity.CRITICAL,
            "The domain says that it takes no mail",
            "Every sender gives up at once, and mail from the domain is refused by many.",
            "Replace the null MX by the real records.",
            "RFC 7505 section 3"),
    MX_NULL_WITH_OTHER(
            "mx-null-with-other",
            Severity.CRITICAL,
            "A null MX is not as it must be",
            "Senders differ: some bounce at once, some use the other records.",
            "Delete the null MX record.",
            "RFC 7505 section 3"),
    MX_TARGET_IS_CNAME(
            "mx-target-is-cname",
            Severity.WARNING,
            "An MX record points to an alias",
            "Strict senders skip the host, and certificates and DANE records are looked for under another name.",
            "Point the MX record at the name that has the address records.",
            "RFC 2181 section 10.3"),
    MX_TARGET_IS_ADDRESS_LITERAL(
            "mx-target-is-address-literal",
            Severity.CRITICAL,
            "An MX record points to an address",
            "The number is taken for a host name that does not exist; some senders skip the record, some refuse the domain.",
            "Make a host name for the address and point the MX record at it.",
            "RFC 5321 section 5.1"),
    MX_TARGET_INVALID_NAME(
            "mx-target-invalid-name",
            Severity.WARNING,
            "An exchanger has a name that no host may have",
            "Some senders skip the host; a forgotten dot at the end makes it a name that does not exist.",
            "Correct the name in the zone file; a full name ends in a dot.",
            "RFC 1123 section 2.1"),
    MX_TARGET_NO_ADDRESS(
            "mx-target-no-address",
            Severity.CRITICAL,
            "An exchanger has no address",
            "Nobody can reach the host. If it is the backup, there is none.",
            "Publish an A or AAAA record for it, or remove the MX record.",
            "RFC 5321 section 5.1"),
    MX_TARGET_SPECIAL_ADDRESS(
            "mx-target-special-address",
            Severity.CRITICAL,
            "An exchanger has an address that is not public",
            "Senders reach themselves, somebody else in their own network, or nobody.",
            "Publish public addresses only; if an inner view of the zone has leaked, mend the views.",
            "RFC 6890 section 2.2"),
    MX_TARGET_DANGLING(
            "mx-target-dangling",
            Severity.CRITICAL,
            "An exchanger is in a domain that nobody owns",
            "Whoever registers that domain receives mail: all that its preference lets through, and everything in an outage.",
            "Remove the MX record at once.",
            "RFC 5321 section 7.8"),
    MX_DUPLICATE_TARGET(
            "mx-duplicate-target",
            Severity.INFO,
            "An exchanger is listed twice",
            "The same host under two preferences looks like redundancy and is none.",
            "Remove one of the records.",
            "RFC 5321 section 5.1"),
    MX_BACKUP_BEYOND_SENDER_LIMIT(
            "mx-backup-beyond-sender-limit",
            Severity.WARNING,
            "Too many addresses come before the backup",
            "Many senders give up after five addresses and never try the backup.",
            "Have fewer addresses before the backup.",
            "RFC 5321 section 5.1"),
    MX_FAMILY_ASYMMETRY(
            "mx-family-asymmetry",
            Severity.WARNING,
            "An exchanger lacks an address family",
            "Senders with only that family cannot use the host.",
            "Publish an A record for every exchanger, and AAAA records for the backup if the primary has them.",
            "RFC 5321 section 5.2"),
    SUBDOMAIN_MX_PARITY(
            "subdomain-mx-parity",
            Severity.WARNING,
            "A further domain has other MX records",
            "Mail to that domain has no backup, or an old one.",
            "Make all zones from one template.",
            "RFC 5321 section 5.1"),
    MX_TTL_UNSUITABLE(
            "mx-ttl-unsuitable",
            Severity.INFO,
            "The records live too long or too short",
            "Too long: in an emergency senders keep the old records. Too short: they vanish with the first outage of the name servers.",
            "Have the records live for one to four hours; lower that a day before a planned change.",
            "RFC 1912 section 2.2"),
    AUTHORITATIVE_SERVERS_DISAGREE(
            "authoritative-servers-disagree",
            Severity.WARNING,
            "Authoritative servers give different MX records",
            "Some senders see another set or order than others: failures that come and go.",
            "Mend the transfer of the zone between the servers, and compare their serial numbers.",
            "RFC 1034 section 4.3.5"),
    AUTHORITATIVE_SERVER_UNREACHABLE(
            "authoritative-server-unreachable",
            Severity.WARNING,
            "An authoritative server does not answer",
            "Lookups are slow, and when too few servers are left the domain vanishes.",
            "Mend the server, or take it out of the delegation.",
            "RFC 2182 section 5"),
    DELEGATION_MISMATCH(
            "delegation-mismatch",
            Severity.WARNING,
            "Parent and zone name different name servers",
            "A part of the world asks retired servers, which may have old MX records or none.",
            "Have the parent name the servers that the zone names, with their addresses.",
            "RFC 1034 section 4.2.2"),
    RESOLVER_VIEW_DIFFERS(
            "resolver-view-differs",
            Severity.WARNING,
            "A resolver gives other MX records than the zone has",
            "The agent, and a backup that asks this resolver, decide on records that senders do not see.",
            "Use a resolver that sees what the world sees, or mend the split view.",
            "RFC 8767 section 4"),
    DNS_SHARED_FATE_WITH_PRIMARY(
            "dns-shared-fate-with-primary",
            Severity.CRITICAL,
            "The name servers die with the primary",
            "When the network of the primary fails, nobody can look the backup up.",
            "Add a name server in another network, at another provider.",
            "RFC 2182 section 3.1"),
    DNSSEC_BOGUS(
            "dnssec-bogus",
            Severity.CRITICAL,
            "Signatures in DNS do not hold",
            "Validating senders get no answer: mail waits at them until they give up, for the primary and the backup alike.",
            "Sign the zone again, and compare the DS records at the parent with its keys.",
            "RFC 4035 section 5.5"),
    DNSSEC_SIGNATURES_EXPIRING(
            "dnssec-signatures-expiring",
            Severity.WARNING,
            "Signatures in DNS expire soon",
            "Once they have expired, validating senders get no answer.",
            "Mend the signer: it should have renewed them by now.",
            "RFC 6781 section 4.4.2"),
    DNSSEC_INSECURE_MX_HOST(
            "dnssec-insecure-mx-host",
            Severity.INFO,
            "The host of an exchanger is not signed",
            "DANE cannot protect mail to this host: an attacker can send it elsewhere.",
            "Sign the zone of the host, or name the host in a zone that is signed.",
            "RFC 7672 section 2.2.1"),
    MX_PTR_MISSING_OR_MISMATCHED(
            "mx-ptr-missing-or-mismatched",
            Severity.WARNING,
            "A backup has no name that leads back to its address",
            "What the backup forwards and returns is refused by hosts that look for that, often by the primary itself.",
            "Set the PTR record of the address to the name of the host.",
            "RFC 1912 section 2.1"),
    PRIMARY_SMTP_UNREACHABLE(
            "primary-smtp-unreachable",
            Severity.CRITICAL,
            "The primary does not answer",
            "New mail goes to the backup if there is a good one, and waits at its senders otherwise.",
            "Bring the primary back; look first whether the backup holds.",
            "RFC 5321 section 4.5.4.1"),
    BACKUP_SMTP_UNREACHABLE(
            "backup-smtp-unreachable",
            Severity.CRITICAL,
            "The backup does not answer",
            "Nothing happens today; when the primary dies, mail waits at its senders until they give up.",
            "Bring the backup back as if it were the primary.",
            "RFC 8461 section 8.4"),
    MX_ADDRESS_PARTIALLY_UNREACHABLE(
            "mx-address-partially-unreachable",
            Severity.WARNING,
            "One address of an exchanger does not answer",
            "Senders that choose it lose minutes per attempt, or give up.",
            "Mend the address, or take it out of DNS.",
            "RFC 5321 section 5.1"),
    SHARED_FATE_SAME_HOST(
            "shared-fate-same-host",
            Severity.CRITICAL,
            "Primary and backup are one host",
            "There is no backup: what kills the one kills the other.",
            "Run the backup on another machine, at another provider.",
            "RFC 2182 section 3.1"),
    SHARED_FATE_SAME_NETWORK(
            "shared-fate-same-network",
            Severity.WARNING,
            "Primary and backup are in one network",
            "A failure of that network takes both.",
            "Run the backup at another provider.",
            "RFC 2182 section 3.1"),
    SMTP_GREETING_HARD_REJECT(
            "smtp-greeting-hard-reject",
            Severity.CRITICAL,
            "An exchanger refuses sessions for good",
            "Some senders bounce at once when they are greeted with a 5yz. On a backup this turns an outage into losses.",
            "Answer 421, or refuse the connection, when the service is not available.",
            "RFC 5321 section 3.1"),
    SMTP_SERVICE_UNAVAILABLE_4XX(
            "smtp-service-unavailable-4xx",
            Severity.WARNING,
            "An exchanger puts sessions off",
            "Senders turn to the next exchanger or wait.",
            "Look for a lack of disk, memory or sessions.",
            "RFC 5321 section 3.8"),
    SMTP_SLOW(
            "smtp-slow",
            Severity.WARNING,
            "An exchanger answers slowly",
            "Many senders wait only half a minute, although they should wait five.",
            "Take slow checks out of the greeting.",
            "RFC 5321 section 4.5.3.2"),
    TLS_HANDSHAKE_FAILS(
            "tls-handshake-fails",
            Severity.WARNING,
            "STARTTLS is offered and does not work",
            "Senders that insist on TLS cannot deliver, others fall back to plaintext.",
            "Look at certificate, key and protocol versions of the server.",
            "RFC 3207 section 4"),
    TLS_CERT_EXPIRED(
            "tls-cert-expired",
            Severity.CRITICAL,
            "The certificate of an exchanger has expired",
            "Senders that verify it (MTA-STS, DANE with PKIX) do not deliver.",
            "Renew the certificate and have the server load it.",
            "RFC 8461 section 4.2"),
    TLS_CERT_EXPIRING(
            "tls-cert-expiring",
            Severity.WARNING,
            "The certificate of an exchanger expires soon",
            "Soon senders that verify it will not deliver.",
            "Renew the certificate and have the server load it.",
            "RFC 8461 section 4.2"),
    QUEUE_AGE_WHILE_PRIMARY_UP(
            "queue-age-while-primary-up",
            Severity.WARNING,
            "Mail waits in the queue although the primary is up",
            "The mail is late, and something is wrong that nobody has noticed.",
            "Look at the last reply of the primary in the queue.",
            "RFC 5321 section 4.5.4.1"),
    QUEUE_GROWING_DURING_OUTAGE(
            "queue-growing-during-outage",
            Severity.WARNING,
            "Mail is held because the primary is down",
            "Users wait. Nothing is lost while there is disk and time.",
            "Bring the primary back; watch disk and age.",
            "RFC 5321 section 4.5.4.1"),
    QUEUE_OLDER_THAN_RETENTION(
            "queue-older-than-retention",
            Severity.CRITICAL,
            "Mail is, or will soon be, older than the retention",
            "It is tried no more, and neither delivered nor returned, until somebody decides.",
            "Bring the primary back, then `spool release --state expired`; or reroute the domain, or return the mail.",
            "RFC 5321 section 4.5.4.1",
            Confirmation.IMMEDIATE),
    QUEUE_RETENTION_TOO_SHORT(
            "queue-retention-too-short",
            Severity.WARNING,
            "Mail is not kept for long enough",
            "After an outage over a long weekend mail has expired before anybody could act.",
            "Set `spool.retention` to 7d or more; 14d is usual.",
            "RFC 5321 section 4.5.4.1"),
    QUEUE_RECIPIENT_QUARANTINED(
            "queue-recipient-quarantined",
            Severity.WARNING,
            "Mail that the primary refused waits for a decision",
            "Somebody's mail is neither delivered nor returned.",
            "Look at the refusal; mend the primary and release the mail, or return it.",
            "RFC 5321 section 6.1"),
    SPF_REJECTS_BACKUP_FORWARDING(
            "spf-rejects-backup-forwarding",
            Severity.CRITICAL,
            "The primary judges the backup by the sender's SPF",
            "Mail whose sender publishes SPF is refused by the primary because it comes from the backup. The spool keeps it; another backup would have bounced it.",
            "Have the primary judge the original client: let it take XCLIENT from the backup, or except the backup from its SPF check. 'understudy primary-config' prints both.",
            "RFC 7208 appendix F",
            Confirmation.IMMEDIATE),
    FORWARD_PERMANENTLY_REJECTED(
            "forward-permanently-rejected",
            Severity.CRITICAL,
            "The primary refuses what the backup holds for it",
            "Nothing is handed on any more. The spool keeps it all; nothing is bounced.",
            "The last words are a sample of the primary's replies. Mend the primary, then order 'understudy spool thaw HOST:PORT', or wait: the lane tries again by itself, less and less often.",
            "RFC 5321 section 4.2.5",
            Confirmation.IMMEDIATE),
    FORWARD_LOOP(
            "forward-loop",
            Severity.CRITICAL,
            "The backup would hand mail to itself",
            "Mail goes round until it has too many trace fields. The spool keeps it.",
            "Name the primary's own host and port in spool.relay, not a name or an address that leads back to the backup.",
            "RFC 5321 section 6.3",
            Confirmation.IMMEDIATE),
    FORWARD_NOT_TLS(
            "forward-not-tls",
            Severity.WARNING,
            "The primary does not prove itself by TLS as it must",
            "Mail is held rather than sent in the clear or to the wrong server.",
            "The last words say what does not fit: STARTTLS that is not offered, a name, a date, an authority, or a certificate that is not pinned. Mend the primary's certificate, or the keys tls, tlsName, caFile and certificateSha256 of spool.relay.",
            "RFC 3207 section 6",
            Confirmation.IMMEDIATE),
    CANARY_REJECTED(
            "canary-rejected",
            Severity.CRITICAL,
            "An exchanger refuses a canary",
            "The path refuses mail that it must take.",
            "Look at the reply: it says which rule refused.",
            "RFC 5321 section 4.2.1"),
    CANARY_DEFERRED(
            "canary-deferred",
            Severity.WARNING,
            "An exchanger keeps putting canaries off",
            "Mail over this path is late or never accepted.",
            "Look at the reply; exempt the agent from greylisting.",
            "RFC 6647 section 2"),
    CANARY_LOST(
            "canary-lost",
            Severity.CRITICAL,
            "A canary was accepted and never arrived",
            "Mail that was answered 250 is gone: nobody is told.",
            "Follow the queue id in the reply through the logs.",
            "RFC 5321 section 4.2.5"),
    CANARY_DELAYED(
            "canary-delayed",
            Severity.WARNING,
            "A canary arrived late",
            "Mail over this path is late.",
            "Look at the trace fields: the hop with the longest step.",
            "RFC 5321 section 4.4"),
    CANARY_DUPLICATED(
            "canary-duplicated",
            Severity.WARNING,
            "A canary arrived more than once",
            "Users get mail twice.",
            "Compare the ids in the trace fields: the hop where they begin to differ sent twice.",
            "RFC 5321 section 6.1"),
    CANARY_MODIFIED(
            "canary-modified",
            Severity.WARNING,
            "A canary was changed on its way",
            "Signatures break, and with them DMARC.",
            "Look for a filter or relay that rewrites messages.",
            "RFC 5321 section 6.4"),
    CANARY_WRONG_PATH(
            "canary-wrong-path",
            Severity.CRITICAL,
            "A canary took another way than it should",
            "The path that was to be proved was not used.",
            "Look at the trace fields; correct the mapping of names and addresses.",
            "RFC 5321 section 4.4"),
    CANARY_JUNKED(
            "canary-junked",
            Severity.WARNING,
            "A canary was put into a junk folder",
            "Real mail over this path is probably junked too.",
            "Trust the backup in the filters of the primary.",
            "RFC 5321 section 7"),
    CANARY_BOUNCED(
            "canary-bounced",
            Severity.CRITICAL,
            "A canary was accepted and returned",
            "The path accepts mail and then fails.",
            "Look at the status in the notice; it says which hop and why.",
            "RFC 3464 section 2.3"),
    CANARY_FORGED(
            "canary-forged",
            Severity.WARNING,
            "A message pretends to be a canary",
            "Somebody replays or invents canaries; they are not counted.",
            "Find out where it came from; it has the trace fields.",
            "RFC 5321 section 7.1");

    private final String id;
    private final Severity severity;
    private final String title;
    private final String impact;
    private final String instruction;
    private final String source;
    private final Confirmation confirmation;

    FindingType(String id, Severity severity, String title, String impact, String instruction, String source) {
        this(id, severity, title, impact, instruction, source, Confirmation.REPEATED);
    }

    FindingType(
            String id,
            Severity severity,
            String title,
            String impact,
            String instruction,
            String source,
            Confirmation confirmation) {
        this.id = id;
        this.severity = severity;
        this.title = title;
        this.impact = impact;
        this.instruction = instruction;
        this.source = source;
        this.confirmation = confirmation;
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

    /** A few words for a headline. */
    public String title() {
        return title;
    }

    /** What it does to mail. */
    public String impact() {
        return impact;
    }

    /** What to do about it. */
    public String instruction() {
        return instruction;
    }

    /** What it takes before people are told. */
    public Confirmation confirmation() {
        return confirmation;
    }

    /** The standard or observation behind it. */
    public String source() {
        return source;
    }
}
