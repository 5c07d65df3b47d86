package org.understudy.probes;

import java.time.Instant;
import java.util.function.Predicate;

/** The header sections of the mail that a backup holds for a domain. Thread-safe. */
@FunctionalInterface
public interface HeldHeaders {

    /**
     * One message.
     *
     * @param queueId by which the backup knows it
     * @param arrival when it came
     * @param text its header section, an octet a character; only its beginning if it is very long
     */
    record Held(String queueId, Instant arrival, String text) {}

    /**
     * Shows the messages that wait, oldest first; what cannot be read is left out.
     *
     * @param most so many at most
     * @param reader sees one message after the other, and says whether it wants the next
     * @throws RuntimeException if the queue cannot be read, with a sentence for an operator
     */
    void oldest(int most, Predicate<Held> reader);
}
