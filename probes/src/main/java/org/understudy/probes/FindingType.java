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
            "RFC 5321 section 5.1");

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
