package org.understudy.agent.config;

/** The configuration is well-formed but cannot be used. The message is one sentence that names the key and the remedy. */
public final class InvalidConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidConfigurationException(String message) {
        super(message);
    }

    public InvalidConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
