package org.understudy.probes.queue.endpoint;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.QueueDetails;
import org.understudy.probes.QueueEndpoint;
import org.understudy.probes.QueueRetention;
import org.understudy.probes.QueueScope;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueSource;
import org.understudy.smtp.Deadline;

/** A queue as a page tells of it. Thread-safe. */
public final class EndpointSource implements QueueSource {
    /** Longer than mail is kept anywhere. */
    private static final double LONGEST_SECONDS = 36_500 * 86_400.0;

    private final QueueEndpoint endpoint;
    private final PageFormat format;
    private final Page page;
    private final QueueScope scope;
    private final Clock clock;

    /**
     * Looks at nothing yet.
     *
     * @throws IllegalArgumentException if a number cannot be looked for; the message says which, and why
     */
    public EndpointSource(QueueEndpoint endpoint, QueueScope scope, Clock clock) {
        this.endpoint = endpoint;
        this.format = format(endpoint);
        this.page = new Page(endpoint.url(), endpoint.authorization(), format.largest());
        this.scope = scope;
        this.clock = clock;
    }

    /**
     * Looks whether every number can be looked for.
     *
     * @throws IllegalArgumentException if one cannot; the message says which, and why
     */
    public static void check(QueueEndpoint endpoint) {
        format(endpoint);
    }

    private static PageFormat format(QueueEndpoint endpoint) {
        Map<Figure, String> names = new EnumMap<>(Figure.class);
        QueueEndpoint.Figures figures = endpoint.figures();
        names.put(Figure.COUNT, figures.count());
        figures.bytes().ifPresent(name -> names.put(Figure.BYTES, name));
        figures.oldestAge().ifPresent(name -> names.put(Figure.OLDEST_AGE, name));
        figures.oldestTime().ifPresent(name -> names.put(Figure.OLDEST_TIME, name));
        figures.overdue().ifPresent(name -> names.put(Figure.OVERDUE, name));
        return switch (endpoint.format()) {
            case PROMETHEUS -> MetricsPage.of(names);
            case JSON -> JsonPage.of(names);
        };
    }

    @Override
    public QueueSnapshot read(Deadline deadline) throws IOException {
        Map<Figure, Double> figures = page.fetch(endpoint.limit(), deadline, format::read);
        Instant now = clock.instant();
        long queued = wholeNumber(Figure.COUNT, figures).orElseThrow(() -> missing(Figure.COUNT));
        OptionalLong bytes = wholeNumber(Figure.BYTES, figures);
        Optional<Instant> upSince = scope.sight().upSince();
        return new QueueSnapshot(
                upSince.isPresent(),
                queued,
                0,
                bytes.orElse(0),
                queued == 0 ? Optional.empty() : oldest(figures, now),
                upSince,
                "",
                false,
                "",
                new QueueRetention(scope.retention(), 0),
                new QueueDetails(
                        seconds(Figure.OVERDUE, figures),
                        Optional.empty(),
                        OptionalLong.empty(),
                        bytes.isPresent(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()));
    }

    /** Of a queue in which something waits; empty if nobody has said where that stands. */
    private Optional<Instant> oldest(Map<Figure, Double> figures, Instant now) throws IOException {
        if (endpoint.figures().oldestTime().isPresent()) {
            double time = required(Figure.OLDEST_TIME, figures);
            return Optional.of(now.minus(plausible(Figure.OLDEST_TIME, now.getEpochSecond() - time)));
        }
        return endpoint.figures().oldestAge().isEmpty()
                ? Optional.empty()
                : Optional.of(now.minus(plausible(Figure.OLDEST_AGE, required(Figure.OLDEST_AGE, figures))));
    }

    private double required(Figure figure, Map<Figure, Double> figures) throws IOException {
        @Nullable Double number = figures.get(figure);
        if (number == null) {
            throw missing(figure);
        }
        return number;
    }

    private Optional<Duration> seconds(Figure figure, Map<Figure, Double> figures) throws IOException {
        @Nullable Double seconds = figures.get(figure);
        return seconds == null ? Optional.empty() : Optional.of(plausible(figure, seconds));
    }

    /** Clocks differ a little, so that what has just come may be from the future. */
    private Duration plausible(Figure figure, double seconds) throws IOException {
        if (!(Math.abs(seconds) <= LONGEST_SECONDS)) {
            throw new IOException(page.name() + ": " + figure.key() + " makes no sense: " + (long) seconds + " s");
        }
        return Duration.ofMillis(Math.round(Math.max(0, seconds) * 1000));
    }

    private OptionalLong wholeNumber(Figure figure, Map<Figure, Double> figures) throws IOException {
        @Nullable Double number = figures.get(figure);
        if (number == null) {
            return OptionalLong.empty();
        }
        if (!(number >= 0 && number <= Long.MAX_VALUE / 4.0)) {
            throw new IOException(page.name() + ": " + figure.key() + " makes no sense: " + number);
        }
        return OptionalLong.of(Math.round(number));
    }

    private IOException missing(Figure figure) {
        return new IOException(page.name() + " has no number for " + figure.key());
    }
}
