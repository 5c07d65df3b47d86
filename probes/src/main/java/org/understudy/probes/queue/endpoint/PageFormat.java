package org.understudy.probes.queue.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** How the numbers of a queue are found in a page. Immutable. */
interface PageFormat {

    /**
     * Those that are there; what is not a number at all is not there.
     *
     * @throws IOException if the page is not of this format; the message is a predicate of it
     */
    Map<Figure, Double> read(InputStream in) throws IOException;

    /** Octets that a page may have. */
    long largest();
}
