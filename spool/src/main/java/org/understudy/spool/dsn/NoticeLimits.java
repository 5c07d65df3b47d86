package org.understudy.spool.dsn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Mailbox;
import org.understudy.spool.SpoolException;
import org.understudy.spool.operations.Durable;

/**
 * How many notices leave without an operator: one a day to each sender, and few in all. Kept in a small file, so that a restart
 * does not begin to count anew. Thread-safe.
 */
final class NoticeLimits {
    /** Its name in the spool's directory: a line for each notice of the last day, when and to whom. */
    static final String FILE = "notices";

    private static final Logger LOG = LoggerFactory.getLogger(NoticeLimits.class);
    private static final int MOST_PER_HOUR = 20;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Path file;
    private final Clock clock;
    private List<Sent> sent;

    private record Sent(Instant at, String to) {}

    private NoticeLimits(Path file, Clock clock, List<Sent> sent) {
        this.file = file;
        this.clock = clock;
        this.sent = sent;
    }

    /** Reads what an earlier process sent; if that is not known, the day begins with as many as may be sent. */
    static NoticeLimits open(Path file, Clock clock) {
        List<Sent> sent = new ArrayList<>();
        if (Files.exists(file)) {
            try {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    String[] f = line.split("\t", 2);
                    sent.add(new Sent(Instant.parse(f[0]), f.length > 1 ? f[1] : ""));
                }
            } catch (IOException | DateTimeException e) {
                LOG.warn("no notices are sent for an hour, because {} cannot be read: {}", file, e.getMessage());
                for (int i = 0; i < MOST_PER_HOUR; i++) {
                    sent.add(new Sent(clock.instant(), ""));
                }
            }
        }
        return new NoticeLimits(file, clock, sent);
    }

    /**
     * Takes one notice out of what may be sent, durably, before it is sent.
     *
     * @return false if none may be sent to that sender now
     * @throws SpoolException if it cannot be recorded; then none may be sent either
     */
    synchronized boolean take(Mailbox sender) {
        Instant now = clock.instant();
        List<Sent> recent = new ArrayList<>(
                sent.stream().filter(s -> s.at.isAfter(now.minus(DAY))).toList());
        String to = sender.toString().toLowerCase(Locale.ROOT);
        long lastHour =
                recent.stream().filter(s -> s.at.isAfter(now.minus(HOUR))).count();
        if (lastHour >= MOST_PER_HOUR || recent.stream().anyMatch(s -> s.to.equals(to))) {
            return false;
        }
        recent.add(new Sent(now, to));
        try {
            Durable.write(
                    file, recent.stream().map(s -> s.at + "\t" + s.to + "\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw new SpoolException(file + " cannot be written: " + e.getMessage(), e);
        }
        sent = recent;
        return true;
    }
}
