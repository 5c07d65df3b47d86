package org.understudy.probes;

/**
 * The faults that probes know, each with its stable id. {@code docs/checks.md} has one section per id.
 */
public enum FindingType {
    MX_BACKUP_PREFERRED_OVER_PRIMARY(
            "mx-backup-preferred-over-primary",
            Severity.CRITICAL,
            "Backup is preferred over the primary",
            "Senders hand all mail to the backup first. A backup that looks its next hop up in DNS finds itself first and"
                    + " returns the mail to its senders.",
            "Give the primary the lowest preference number and the backup a higher one, for example 10 and 20.",
            "RFC 5321 section 5.1"),
    CANARY_REJECTED(
            "canary-rejected",
            Severity.CRITICAL,
            "Canary refused for good",
            "Real mail over this path is refused too and returned to its senders.",
            "Read the reply in the evidence: it names the rule that refused. Let the canary sender and recipient pass it.",
            "RFC 5321 section 4.2.1"),
    CANARY_DEFERRED(
            "canary-deferred",
            Severity.WARNING,
            "Canary refused for now, again and again",
            "Mail over this path waits at its senders, and those with a short patience give up.",
            "Read the reply in the evidence. Exempt the agent from greylisting, or mend what the exchanger complains about.",
            "RFC 5321 section 4.2.1, RFC 6647"),
    CANARY_LOST(
            "canary-lost",
            Severity.CRITICAL,
            "Canary accepted and never seen",
            "The path answers 250 and mail disappears behind it; neither sender nor recipient is told.",
            "Follow the queue id of the reply through the logs of the exchanger.",
            "RFC 5321 section 4.2.5"),
    CANARY_DELAYED(
            "canary-delayed",
            Severity.WARNING,
            "Canary late",
            "Mail over this path arrives later than it should.",
            "Look at the hops of the canary and at the queue of the one that kept it.",
            "RFC 5321 section 4.4"),
    CANARY_DUPLICATED(
            "canary-duplicated",
            Severity.WARNING,
            "Canary arrived more than once",
            "Recipients get messages twice: somebody sends again what was already taken.",
            "Compare the trace fields of both copies. See that no server closes a session before it has answered the final dot, and that no two forwarders share a queue.",
            "RFC 1047"),
    CANARY_MODIFIED(
            "canary-modified",
            Severity.WARNING,
            "Canary arrived changed",
            "The path alters messages, which breaks signatures.",
            "Find the filter or gateway that rewrites messages and exempt forwarded mail from it.",
            "RFC 5321 section 6.4"),
    CANARY_WRONG_PATH(
            "canary-wrong-path",
            Severity.CRITICAL,
            "Canary took another way",
            "The path that was to be tested was not: what is taken for a working exchanger may be another one.",
            "Compare the hops with the configured exchangers. Each exchanger must name itself in its trace field as it is named in the MX record.",
            "RFC 5321 section 4.4"),
    CANARY_JUNKED(
            "canary-junked",
            Severity.WARNING,
            "Canary taken for junk",
            "Real mail over this path is likely taken for junk too.",
            "Let the primary trust the backup: filter by the address of the original client, not by that of the backup.",
            "RFC 5321 section 7.9"),
    CANARY_BOUNCED(
            "canary-bounced",
            Severity.CRITICAL,
            "Canary accepted and then returned",
            "Mail over this path is taken and later returned to its senders.",
            "Read status and diagnostic in the evidence, and mend what the reporting server complains about.",
            "RFC 3464 section 2.3"),
    CANARY_FORGED(
            "canary-forged",
            Severity.WARNING,
            "Somebody invents or replays canaries",
            "A canary that is not ours lies in the mailbox. It is not counted, so nothing is proved by it.",
            "See by its trace fields where it came from. A mailbox that two agents share shows this too: give each its own.",
            "RFC 5321 section 7.1");

    private final String id;
    private final Severity severity;
    private final String title;
    private final String impact;
    private final String instruction;
    private final String source;

    FindingType(String id, Severity severity, String title, String impact, String instruction, String source) {
        this.id = id;
        this.severity = severity;
        this.title = title;
        this.impact = impact;
        this.instruction = instruction;
        this.source = source;
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

    /** The standard or observation behind it. */
    public String source() {
        return source;
    }
}
