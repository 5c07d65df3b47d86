package org.understudy.probes.canary;

import java.time.Instant;
import java.util.Optional;

/**
 * What tells a sample of ours from everything that is none: signed like a canary, under another name, so that neither can be taken
 * for the other.
 *
 * @param id never used again
 * @param path what it is a sample of
 * @param createdAt to the millisecond
 * @param token signature of the rest, in base 32
 */
public record SampleMark(String id, String path, Instant createdAt, String token) {
    /** Field that has the mark. */
    public static final String HEADER = "X-Understudy-Sample";

    /** No path of a canary begins so. */
    static final String PREFIX = "sample:";

    static SampleMark of(CanaryMark mark) {
        return new SampleMark(mark.id(), mark.path(), mark.createdAt(), mark.token());
    }

    CanaryMark mark() {
        return new CanaryMark(id, path, createdAt, token);
    }

    /** The value of the header field, folded. */
    public String header() {
        return mark().header();
    }

    /** Short, for Message-ID and subject. */
    public String label() {
        return mark().label();
    }

    /** Reads the value of a header field, folded or not; nothing is verified. */
    static Optional<SampleMark> parse(String value) {
        return CanaryMark.parse(value)
                .filter(mark -> mark.path().startsWith(PREFIX))
                .map(SampleMark::of);
    }
}
