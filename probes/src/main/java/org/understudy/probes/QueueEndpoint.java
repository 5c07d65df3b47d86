package org.understudy.probes;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A page that has the numbers of a queue. Immutable.
 *
 * @param url {@code http} or {@code https}
 * @param authorization value of the field {@code Authorization}, a secret; empty if there is none
 * @param figures where in the page each number stands
 * @param limit the time that it may take to come
 */
public record QueueEndpoint(Format format, URI url, String authorization, Figures figures, Duration limit) {

    /** How a page is written. */
    public enum Format {
        /** The text format of Prometheus; a number is named by a metric, with or without labels. */
        PROMETHEUS,
        /** JSON; a number is named by a pointer (RFC 6901). */
        JSON
    }

    /**
     * Where each number stands.
     *
     * @param count of messages
     * @param bytes of all of them
     * @param oldestAge in seconds, of the message that came first
     * @param oldestTime when that came, in seconds since 1970-01-01 UTC
     * @param overdue for how many seconds the message that is due longest has been due
     */
    public record Figures(
            String count,
            Optional<String> bytes,
            Optional<String> oldestAge,
            Optional<String> oldestTime,
            Optional<String> overdue) {}

    /**
     * The same, once it is known that every name can be looked for.
     *
     * @throws IllegalArgumentException if one cannot; the message says which, and why
     */
    public QueueEndpoint checked() {
        QueueSources.check(this);
        return this;
    }

    /** Without what may be a secret. */
    @Override
    public String toString() {
        return format + " " + url.getHost();
    }
}
