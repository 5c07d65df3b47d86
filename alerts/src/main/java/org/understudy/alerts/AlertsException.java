package org.understudy.alerts;

/** The store of the alerts cannot be used. */
public final class AlertsException extends RuntimeException {
    public AlertsException(String message, Throwable cause) {
        super(message, cause);
    }
}
