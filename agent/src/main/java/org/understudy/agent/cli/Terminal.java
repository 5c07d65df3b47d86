package org.understudy.agent.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where a command's answer goes, and whether somebody looks on. Stateless. */
final class Terminal {
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /** For the answer of a command: UTF-8 whatever the locale is. Not to be closed, because it is the process's. */
    static PrintWriter output() {
        return new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    }

    /** For what is said beside it. Not to be closed either. */
    static PrintWriter error() {
        return new PrintWriter(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
    }

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
