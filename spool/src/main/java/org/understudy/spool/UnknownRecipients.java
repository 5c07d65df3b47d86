package org.understudy.spool;

/** What is done with a recipient of whom nobody can say whether the primary would take mail for it. */
public enum UnknownRecipients {
    /** It is accepted and held; what the primary refuses later is kept for a person to decide, and nobody is told. */
    ACCEPT,
    /** It is answered 450, and the sender keeps it. */
    DEFER,
    /** It is accepted if the client may send for its sender, and else answered 450: so nobody is told who did not ask. */
    ACCEPT_IF_AUTHENTICATED
}
