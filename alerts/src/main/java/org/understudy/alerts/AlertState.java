package org.understudy.alerts;

/** Where an alert is in its life. */
public enum AlertState {
    /** Seen, not often enough to tell anybody. */
    PENDING,
    /** People have been told, or are being told. */
    FIRING,
    /** Over. */
    RESOLVED
}
