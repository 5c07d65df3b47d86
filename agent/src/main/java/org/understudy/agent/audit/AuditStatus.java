package org.understudy.agent.audit;

import java.util.Locale;

/** What an audit came to, worst last. The exit codes are those of monitoring plugins. */
public enum AuditStatus {
    OK(0),
    /** Something could not be looked at, and nothing else is wrong. */
    UNKNOWN(3),
    WARNING(1),
    CRITICAL(2);

    private final int exitCode;

    AuditStatus(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** The worse of two. */
    public AuditStatus and(AuditStatus other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** As it stands in documents. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
