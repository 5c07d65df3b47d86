package org.understudy.probes;

/** What an exchanger is for, whatever its preference says. */
public enum Role {
    /** Delivers to the mailboxes. */
    PRIMARY,
    /** Accepts, keeps and forwards to the primary. */
    BACKUP,
    /** Filters in front of the primary and hands everything on at once; the primary then needs no MX record. */
    GATEWAY,
    /** Answers nobody on purpose, first or last in the order. */
    TARPIT;

    /** True if senders should try such a host before any backup. */
    public boolean isEntrance() {
        return this == PRIMARY || this == GATEWAY;
    }

    /** As people write it. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
