package org.understudy.agent.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Optional;

/** Whether somebody looks on. Stateless. */
final class Terminal {
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /** True if standard output is a terminal that shows colours, and nobody has asked for none (https://no-color.org). */
    static boolean isColoured() {
        return isTerminal(STANDARD_OUTPUT)
                && Optional.ofNullable(System.getenv("NO_COLOR")).orElse("").isEmpty()
                && !"dumb".equals(System.getenv("TERM"));
    }

    static boolean isErrorShown() {
        return isTerminal(STANDARD_ERROR);
    }

    /** {@code System.console()} speaks of input and output together, and means something else from Java 22 on. */
    private static boolean isTerminal(int descriptor) {
        try {
            return new ProcessBuilder("test", "-t", Integer.toString(descriptor))
                            .redirectOutput(Redirect.INHERIT)
                            .redirectError(Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
