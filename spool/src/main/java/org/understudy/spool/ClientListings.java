package org.understudy.spool;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** Says on which DNS block lists a client is (RFC 5782). Thread-safe; may wait, since it is asked on threads that may. */
@FunctionalInterface
public interface ClientListings {
    /** Where no list is asked. */
    ClientListings NONE = (client, time) -> Answer.of(List.of());

    /**
     * Asks all lists.
     *
     * @param time after which a list that has not answered has no opinion
     */
    Answer of(InetAddress client, Duration time);

    /**
     * What the lists say.
     *
     * @param listings one text for each list that the client is on
     * @param troubles one text for each list that could not be asked, or is none
     */
    record Answer(List<String> listings, List<String> troubles) {
        public Answer {
            listings = List.copyOf(listings);
            troubles = List.copyOf(troubles);
        }

        public static Answer of(List<String> listings) {
            return new Answer(listings, List.of());
        }
    }
}
