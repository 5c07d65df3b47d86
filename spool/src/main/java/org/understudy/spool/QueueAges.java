package org.understudy.spool;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.understudy.smtp.DomainName;

/**
 * How many units of each domain are how old, whatever their state. Immutable.
 *
 * @param limits upper ends of the classes, ascending; one more class is for all that is older
 * @param domains number of units in each class
 */
public record QueueAges(List<Duration> limits, Map<DomainName, List<Long>> domains) {
    /** From five minutes, each twice as old as the one before. */
    public static final List<Duration> USUAL_LIMITS = List.of(
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            Duration.ofMinutes(40),
            Duration.ofMinutes(80),
            Duration.ofMinutes(160),
            Duration.ofMinutes(320),
            Duration.ofMinutes(640),
            Duration.ofMinutes(1280));

    public QueueAges {
        limits = List.copyOf(limits);
        domains = Map.copyOf(domains);
    }
}
