package org.understudy.agent.verdict;

import java.time.Instant;
import java.util.Optional;

/**
 * One link of the chain behind a verdict.
 *
 * @param title what is known, for example {@code canary via mx2.example.org}
 * @param text in what words it was observed
 * @param at when
 */
public record Evidence(String title, Weight weight, String text, Optional<Instant> at) {

    /** Which way it counts. */
    public enum Weight {
        FOR,
        AGAINST,
        /** Missing, too old, or not conclusive. */
        MISSING
    }
}
