package org.understudy.spool;

/** How far the primary of a domain is to be asked and believed about recipients. */
public enum PrimaryState {
    UP,
    /** Up again since less than an hour, or with mail of the outage still to be handed on: what it refuses is not believed. */
    RECOVERING,
    /** Not there, or refusing mail for a reason that no recipient is guilty of: it is not asked. */
    DOWN
}
