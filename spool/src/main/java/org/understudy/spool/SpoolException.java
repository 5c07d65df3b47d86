package org.understudy.spool;

/** The spool cannot do its work: its directory is unusable, its port is taken. The message is one sentence for an operator. */
public final class SpoolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SpoolException(String message) {
        super(message);
    }

    public SpoolException(String message, Throwable cause) {
        super(message, cause);
    }
}
