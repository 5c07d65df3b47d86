package org.understudy.probes;

/** What an exchanger is for, whatever its preference says. */
public enum Role {
    /** Delivers to the mailboxes. */
    PRIMARY,
    /** Accepts, keeps and forwards to the primary. */
    BACKUP
}
