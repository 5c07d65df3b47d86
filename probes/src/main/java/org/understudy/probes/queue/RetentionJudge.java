package org.understudy.probes.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueThresholds;
import org.understudy.probes.ResultBuilder;

/** Judges how near mail is to the end of its retention. Immutable. */
record RetentionJudge(QueuePlace place, Duration limit, QueueThresholds thresholds, Instant now) {
    private static final int WARNING_PERCENT = 50;
    private static final int CRITICAL_PERCENT = 75;
    private static final int PAGE_PERCENT = 90;
    /** A day to act in. */
    private static final Duration TIME_TO_ACT = Duration.ofHours(24);

    void judge(ResultBuilder result, QueueSnapshot queue) {
        long expired = queue.retention().expired();
        Duration age = queue.oldestArrival().map(o -> Duration.between(o, now)).orElse(Duration.ZERO);
        if (place.host().isEmpty()) {
            result.measurement("expired", (double) expired);
        }
        if (queue.queued() == 0 || queue.oldestArrival().isPresent()) {
            result.measurement("retention_used", (double) percent(age) / 100);
        }
        if (limit.compareTo(thresholds.shortestRetention()) < 0) {
            result.finding(Finding.of(
                    FindingType.QUEUE_RETENTION_TOO_SHORT,
                    place.subject(),
                    "Mail for " + place.domain() + " is kept" + place.where() + " for " + words(limit)
                            + ": an outage over a long weekend takes " + words(thresholds.shortestRetention()),
                    Map.of("retention", words(limit))));
        }
        if (expired > 0 || age.compareTo(page()) >= 0) {
            result.finding(Finding.of(
                    FindingType.QUEUE_OLDER_THAN_RETENTION,
                    place.subject(),
                    summary(queue, expired, age),
                    evidence(queue, expired, age)));
        }
    }

    /** Age at which mail that waits for a primary that is down is worth a warning, whatever else it would take. */
    Duration warning() {
        return share(WARNING_PERCENT);
    }

    Duration critical() {
        return share(CRITICAL_PERCENT);
    }

    private Duration page() {
        Duration inTime = limit.minus(TIME_TO_ACT);
        Duration early = inTime.compareTo(critical()) > 0 ? inTime : critical();
        return early.compareTo(share(PAGE_PERCENT)) < 0 ? early : share(PAGE_PERCENT);
    }

    private Duration share(int percent) {
        return limit.multipliedBy(percent).dividedBy(100);
    }

    long percent(Duration age) {
        return age.multipliedBy(100).dividedBy(limit);
    }

    private String summary(QueueSnapshot queue, long expired, Duration age) {
        String waiting =
                queue.queued() + " " + place.units() + " for " + place.domain() + " wait" + place.where() + ", ";
        if (expired > 0) {
            return expired + " " + place.units() + " for " + place.domain() + " waited longer than " + words(limit)
                    + " and are kept until somebody decides"
                    + (age.compareTo(page()) >= 0 ? "; " + waiting + first(age) : "");
        }
        return waiting + first(age);
    }

    /** When that will be, or how long it has been. */
    private String first(Duration age) {
        Duration left = limit.minus(age);
        if (!left.isNegative() && !left.isZero()) {
            return "and the first expires in " + words(left);
        }
        return "the oldest for " + words(age) + place.beyond(words(limit));
    }

    private Map<String, String> evidence(QueueSnapshot queue, long expired, Duration age) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("expired", Long.toString(expired));
        evidence.put("queued", Long.toString(queue.queued()));
        evidence.put("retention", words(limit));
        queue.oldestArrival().ifPresent(oldest -> {
            evidence.put("oldest", words(age) + " (" + percent(age) + " % of the retention)");
            if (age.compareTo(limit) < 0) {
                evidence.put("first expires", oldest.plus(limit).toString());
            }
        });
        return evidence;
    }

    private static String words(Duration duration) {
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min";
        }
        return duration.toDays() < 3 ? duration.toHours() + " h" : duration.toDays() + " d";
    }
}
