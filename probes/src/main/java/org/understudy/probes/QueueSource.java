package org.understudy.probes;

import java.io.IOException;
import org.understudy.smtp.Deadline;

/** Where a queue can be looked at: the bundled spool, or another mail server. Thread-safe. */
@FunctionalInterface
public interface QueueSource {

    /**
     * Looks now.
     *
     * @param deadline by which it must be over
     * @throws IOException if it cannot be seen what is in the queue; the message says why and has no secrets in it
     */
    QueueSnapshot read(Deadline deadline) throws IOException;
}
