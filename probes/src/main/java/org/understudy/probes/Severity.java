package org.understudy.probes;

/** How bad a finding is. */
public enum Severity {
    /** Worth knowing, no action forced. */
    INFO,
    /** Redundancy or integrity is degraded, or some senders are hurt. */
    WARNING,
    /** Mail is being lost, bounced or exposed now, or certainly will be at the next outage of the primary. */
    CRITICAL
}
