package org.understudy.alerts;

/** Why a notification is sent. */
public enum NotifyReason {
    /** The first that a channel hears of an incident. */
    FIRST,
    /** It got worse than what was told last. */
    ESCALATED,
    /** It still lasts. */
    REPEAT,
    /** It is over. */
    RESOLVED,
    /** Somebody wants to see whether the channel works; there is no incident. */
    TEST
}
