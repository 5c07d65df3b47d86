package org.understudy.agent.cli;

import org.jspecify.annotations.Nullable;

/** The agent cannot start. The message is one sentence that says what is wrong and what to do. */
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
