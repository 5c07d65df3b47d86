package org.understudy.spool;

import java.time.Duration;

/**
 * How many sessions there may be and how long they may take.
 *
 * @param maximum sessions in all
 * @param maximumPerClient sessions of one address
 * @param maximumPerNetwork sessions of one /24 of IPv4 or /64 of IPv6
 * @param evictAfter when all sessions are taken, one that has been idle this long outside a transaction makes room
 * @param commandTimeout for one command line, and for silence in content; at least 5 minutes on the internet (RFC 5321 section
 *     4.5.3.2.7)
 * @param maximumTime of a session: then it ends between transactions, and is cut at twice that
 * @param handshakeTimeout for a TLS handshake as a whole
 * @param minimumContentRate octets a second that content must come with, on the average of commandTimeout
 */
public record SessionLimits(
        int maximum,
        int maximumPerClient,
        int maximumPerNetwork,
        Duration evictAfter,
        Duration commandTimeout,
        Duration maximumTime,
        Duration handshakeTimeout,
        int minimumContentRate) {

    /** What suits a mail server on the internet. */
    public static SessionLimits standard() {
        return new SessionLimits(
                1000,
                100,
                200,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                Duration.ofSeconds(60),
                100);
    }

    /** The same for so many sessions, which may all be of one client. */
    public SessionLimits withMaximum(int sessions) {
        return new SessionLimits(
                sessions,
                sessions,
                sessions,
                evictAfter,
                commandTimeout,
                maximumTime,
                handshakeTimeout,
                minimumContentRate);
    }

    /** The same with another patience for commands. */
    public SessionLimits withCommandTimeout(Duration timeout) {
        return new SessionLimits(
                maximum,
                maximumPerClient,
                maximumPerNetwork,
                evictAfter,
                timeout,
                maximumTime,
                handshakeTimeout,
                minimumContentRate);
    }
}
