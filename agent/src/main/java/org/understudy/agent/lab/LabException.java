package org.understudy.agent.lab;

/** The lab cannot do what it was asked. The message is one sentence that names the key and the remedy. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
