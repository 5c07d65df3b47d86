package org.understudy.smtp;

/** A text that should follow the grammar of SMTP does not. The message says what is wrong, in words fit for a reply. */
public final class SmtpSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public SmtpSyntaxException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What is wrong, in a few words. */
    public String reason() {
        return reason;
    }
}
