package org.understudy.smtp;

/** Carries a failure that ended the session from where it happened to the public method that reports it. */
final class SessionBrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient SmtpFailure failure;

    SessionBrokenException(SmtpFailure failure) {
        // Control flow within the package: nobody looks at the stack.
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }

    SmtpFailure failure() {
        return failure;
    }
}
