package org.understudy.probes.smtp;

import java.util.Locale;

/** What a question is about. Answers of two exchangers are compared by topic and subject. */
enum Topic {
    /** MAIL with the sender of the probe. */
    SENDER,
    /** RCPT with a recipient who is known to exist. */
    KNOWN,
    /** RCPT with a recipient who does not exist. */
    UNKNOWN,
    /** MAIL with the null reverse-path, and RCPT with a recipient who is known to exist. */
    NULL_SENDER,
    /** RCPT with the postmaster of the domain. */
    POSTMASTER,
    /** RCPT with the postmaster of the host. */
    BARE_POSTMASTER,
    /** RCPT with the abuse desk of the domain. */
    ABUSE,
    /** RCPT with another form of a known recipient. */
    FORM,
    /** EHLO with a name that does not fit, MAIL, and RCPT with a recipient who is known to exist. */
    HELO,
    VRFY_KNOWN,
    VRFY_UNKNOWN,
    EXPN,
    ETRN,
    /** MAIL and RCPT that ask for mail to be handed on to somebody else, in a form that no local recipient can have. */
    RELAY,
    /** The same in a form that a catch-all takes for a local recipient. */
    RELAY_BY_LOCAL_PART,
    /** The content of a message whose end was never sent. */
    LINE_END;

    /** For people: {@code null sender}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
