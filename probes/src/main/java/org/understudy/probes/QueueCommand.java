package org.understudy.probes;

import java.time.Duration;
import java.util.List;

/**
 * A program that lists a queue. Immutable.
 *
 * @param server whose listing it prints
 * @param words the program and its arguments; no shell sees them
 * @param limit the time it may take
 */
public record QueueCommand(Server server, List<String> words, Duration limit) {
    public QueueCommand {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command without a program");
        }
    }

    /** The mail servers whose listings are understood. */
    public enum Server {
        /** {@code postqueue -j}, of Postfix 3.1 or later. */
        POSTFIX,
        /** {@code exim -bp}, also {@code -bpr}, {@code -bpu}, {@code -bpa} and {@code mailq}. */
        EXIM,
        /** {@code haraka -c DIRECTORY --qlist}. */
        HARAKA
    }
}
