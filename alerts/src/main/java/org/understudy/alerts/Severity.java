package org.understudy.alerts;

/** How bad it is, from least to worst. */
public enum Severity {
    /** Worth knowing, no action forced. */
    INFO,
    /** Redundancy or integrity is degraded. */
    WARNING,
    /** Mail is being lost or exposed now, or will be at the next outage. */
    CRITICAL
}
