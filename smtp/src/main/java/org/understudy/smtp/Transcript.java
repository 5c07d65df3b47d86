package org.understudy.smtp;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What was said in a session and how long each step took. Secrets are masked, content is counted and not kept.
 *
 * <p>Immutable.
 *
 * @param lines in order; at most {@link #MAX_LINES}
 * @param phases time spent per stage, greeting to QUIT; a stage that occurred more than once is summed
 */
public record Transcript(List<Line> lines, Map<SmtpStage, Duration> phases) {

    /** More lines than this are dropped, and the last line says so. */
    public static final int MAX_LINES = 500;

    public Transcript {
        lines = List.copyOf(lines);
        phases = Map.copyOf(phases);
    }

    /** Who spoke. */
    public enum Speaker {
        CLIENT,
        SERVER,
        /** A remark of ours: connected, handshake done, content of n octets. */
        NOTE
    }

    /**
     * One line.
     *
     * @param at since the session was opened
     * @param text without line end
     */
    public record Line(Duration at, Speaker speaker, String text) {}

    /** {@code +0.013s C: EHLO probe.example.org}, one line each. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Line line : lines) {
            out.append(String.format(
                    java.util.Locale.ROOT,
                    "+%.3fs %s %s%n",
                    line.at().toNanos() / 1e9,
                    switch (line.speaker()) {
                        case CLIENT -> "C:";
                        case SERVER -> "S:";
                        case NOTE -> "--";
                    },
                    line.text()));
        }
        return out.toString();
    }
}
