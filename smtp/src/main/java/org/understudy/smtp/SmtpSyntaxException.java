package org.understudy.smtp;

/** A text that should follow the grammar of SMTP does not. The message says what is wrong, in words fit for a reply. */
public final class SmtpSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    public SmtpSyntaxException(String message) {
        super(message);
    }
}
