package org.understudy.probes.queue.listing;

import java.io.IOException;
import java.io.InputStream;
import org.understudy.probes.queue.Words;

/** The form in which one kind of server lists its queue. Immutable. */
@FunctionalInterface
interface Listing {

    /** The longest line or text that is looked at; what servers write is far shorter. */
    int LONGEST = 64 * 1024;

    /**
     * Reads a listing to its end, and counts each message.
     *
     * @throws IOException if it is none; the message says what it is, as a predicate of what prints it
     */
    void read(InputStream in, Tally tally) throws IOException;

    /** What is no listing, shown with its beginning. */
    static IOException unlike(String what, String text) {
        return new IOException("prints what is no " + what + ": \"" + Words.brief(text) + "\"");
    }
}
