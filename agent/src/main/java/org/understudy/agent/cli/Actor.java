package org.understudy.agent.cli;

import java.util.Optional;

/** Who sits at the command line. Stateless. */
final class Actor {

    private Actor() {}

    /** The login, of the person and not of the role. */
    static String name() {
        return Optional.ofNullable(System.getenv("SUDO_USER"))
                .filter(user -> !user.isBlank())
                .orElseGet(() -> System.getProperty("user.name", "unknown"));
    }
}
