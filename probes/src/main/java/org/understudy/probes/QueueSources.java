package org.understudy.probes;

import java.time.Clock;
import org.understudy.probes.queue.endpoint.EndpointSource;
import org.understudy.probes.queue.listing.CommandSource;

/** Makes what looks at the queues of other mail servers. Nothing is changed there. */
public final class QueueSources {

    private QueueSources() {}

    /** What a program lists. */
    public static QueueSource of(QueueCommand command, QueueScope scope, Clock clock) {
        return new CommandSource(command, scope, clock);
    }

    /** What a page says; it says it of all mail, whatever the domain. */
    public static QueueSource of(QueueEndpoint endpoint, QueueScope scope, Clock clock) {
        return new EndpointSource(endpoint, scope, clock);
    }

    static void check(QueueEndpoint endpoint) {
        EndpointSource.check(endpoint);
    }
}
