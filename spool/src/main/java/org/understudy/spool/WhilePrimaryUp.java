package org.understudy.spool;

/** What is done with mail that comes here while the primary is up, where it should have gone. */
public enum WhilePrimaryUp {
    /** It is accepted. */
    ACCEPT,
    /** The first contact is answered 451; who comes again after a few minutes is accepted. */
    DEFER
}
