package org.understudy.smtp;

/** Where in a session something happened, in the order of a session. */
public enum SmtpStage {
    CONNECT,
    GREETING,
    EHLO,
    STARTTLS,
    /** XCLIENT, and the EHLO after it. */
    XCLIENT,
    MAIL,
    RCPT,
    /** The DATA command itself. */
    DATA,
    /** Sending the content, up to the moment before the last octet of the final dot was handed to the network. */
    CONTENT,
    /** The final dot was sent; the reply to it is awaited or was read. */
    DOT,
    RSET,
    /** A command that is part of no transaction: VRFY, EXPN, ETRN. */
    QUESTION,
    QUIT
}
