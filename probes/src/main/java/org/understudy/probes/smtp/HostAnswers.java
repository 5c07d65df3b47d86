package org.understudy.probes.smtp;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an exchanger said, on each of its addresses, in one round. Immutable.
 *
 * @param serial counts the rounds with this exchanger, from 1
 * @param at when it was asked
 * @param full true if it was asked everything
 * @param addresses that were asked
 * @param outOfReach addresses of a family that this machine does not have
 * @param trouble why nobody was asked, if so; then there are no addresses
 */
record HostAnswers(
        long serial,
        Instant at,
        boolean full,
        List<AddressAnswers> addresses,
        List<InetAddress> outOfReach,
        Optional<String> trouble) {
    HostAnswers {
        addresses = List.copyOf(addresses);
        outOfReach = List.copyOf(outOfReach);
    }

    static HostAnswers none(long serial, Instant at, List<InetAddress> outOfReach, String trouble) {
        return new HostAnswers(serial, at, false, List.of(), outOfReach, Optional.of(trouble));
    }

    /** The addresses with a session. */
    List<AddressAnswers> open() {
        return AddressAnswers.open(addresses);
    }

    boolean isAnswering() {
        return addresses.stream().anyMatch(AddressAnswers::isOpen);
    }

    /** True if it was asked, and there was no session with any address. */
    boolean isSilent() {
        return trouble.isEmpty() && !isAnswering();
    }
}
