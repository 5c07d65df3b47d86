package org.understudy.smtp;

/** The session cannot go on; never leaves this package. */
final class BrokenSessionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient SmtpFailure failure;

    BrokenSessionException(SmtpFailure failure) {
        super(failure.detail(), null, false, false);
        this.failure = failure;
    }

    SmtpFailure failure() {
        return failure;
    }
}
