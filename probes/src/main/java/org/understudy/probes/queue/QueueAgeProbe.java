package org.understudy.probes.queue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.QueueDetails;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueSource;
import org.understudy.probes.QueueThresholds;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks at the age of the oldest waiting message of one queue. Its age counts, not how many there are. */
public final class QueueAgeProbe extends DomainProbe {
    /** A quarter of an hour, with a tenth of jitter and some time for the look itself. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(18);

    private static final int FEW_NOTICES = 50;
    private static final int SHARE_OF_NOTICES = 20;

    private final QueuePlace place;
    private final QueueSource source;
    private final QueueThresholds thresholds;
    private final QueueTrend trend = new QueueTrend();

    private QueueAgeProbe(QueuePlace place, QueueSource source, QueueThresholds thresholds, Clock clock) {
        super("queue", place.domain(), place.target(), clock);
        this.place = place;
        this.source = source;
        this.thresholds = thresholds;
    }

    /** Of the bundled spool. */
    public QueueAgeProbe(DomainName domain, QueueSource source, QueueThresholds thresholds, Clock clock) {
        this(new QueuePlace(domain, Optional.empty()), source, thresholds, clock);
    }

    /** Of another server. */
    public QueueAgeProbe(
            DomainName domain, DomainName host, QueueSource source, QueueThresholds thresholds, Clock clock) {
        this(new QueuePlace(domain, Optional.of(host)), source, thresholds, clock);
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        QueueSnapshot snapshot;
        try {
            snapshot = source.read(deadline);
        } catch (IOException | RuntimeException e) {
            result.unknown("the queue" + place.where() + " cannot be read: " + e.getMessage());
            return;
        }
        Instant now = clock().instant();
        QueueTrend.Course course = trend.after(snapshot, now);
        measure(result, snapshot, course, now);
        judge(result, snapshot, course, now);
    }

    private void measure(ResultBuilder result, QueueSnapshot queue, QueueTrend.Course course, Instant now) {
        result.measurement("queued", (double) queue.queued());
        if (queue.details().sized()) {
            result.measurement("queued_bytes", (double) queue.bytes());
        }
        if (queue.queued() == 0 || queue.oldestArrival().isPresent()) {
            result.measurement("oldest_age_seconds", (double) age(queue, now).toSeconds());
        }
        queue.details()
                .overdue()
                .ifPresent(due -> result.measurement("oldest_due_age_seconds", (double) due.toSeconds()));
        queue.details().held().ifPresent(held -> result.measurement("held", (double) held));
        queue.details()
                .nextAttempt()
                .ifPresent(wait -> result.measurement("longest_wait_seconds", (double) wait.toSeconds()));
        course.drainPerSecond().ifPresent(rate -> result.measurement("drain_per_second", rate));
        course.untilEmpty().ifPresent(time -> result.measurement("eta_empty_seconds", (double) time.toSeconds()));
        course.untilFull().ifPresent(time -> result.measurement("eta_full_seconds", (double) time.toSeconds()));
        queue.details().facts().forEach(result::fact);
    }

    private static Duration age(QueueSnapshot queue, Instant now) {
        return queue.oldestArrival()
                .map(oldest -> Duration.between(oldest, now))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }

    private void judge(ResultBuilder result, QueueSnapshot queue, QueueTrend.Course course, Instant now) {
        if (queue.quarantined() > 0) {
            result.finding(Finding.of(
                    FindingType.QUEUE_RECIPIENT_QUARANTINED,
                    place.subject(),
                    queue.quarantined() + " recipient(s) of " + domain()
                            + " were refused for good and wait for a decision",
                    Map.of("quarantined", Long.toString(queue.quarantined()))));
        }
        queue.details().senders().ifPresent(senders -> notices(result, senders));
        queue.details()
                .nextAttempt()
                .filter(wait -> wait.compareTo(LONGEST_WAIT) > 0)
                .ifPresent(wait -> slow(result, queue, wait));
        Optional<RetentionJudge> retention =
                queue.retention().limit().map(limit -> new RetentionJudge(place, limit, thresholds, now));
        retention.ifPresent(judge -> judge.judge(result, queue));
        // What is held by order is old on purpose; what is refused is reported already.
        if (queue.queued() > 0 && queue.order().isEmpty() && !queue.refused()) {
            new AgeJudge(place, thresholds, retention, course, age(queue, now), now).judge(result, queue);
        }
    }

    private void slow(ResultBuilder result, QueueSnapshot queue, Duration wait) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("queued", Long.toString(queue.queued()));
        evidence.put("longest wait", wait.toMinutes() + " min");
        result.finding(Finding.of(
                FindingType.QUEUE_RETRY_TOO_SLOW,
                place.subject(),
                "Mail for " + place.domain() + " waits" + place.where() + " for up to " + wait.toMinutes()
                        + " min before it is tried again, whether or not the primary is back by then",
                evidence));
    }

    private void notices(ResultBuilder result, QueueDetails.Senders senders) {
        if (senders.none() > FEW_NOTICES && senders.none() * 100 > senders.messages() * SHARE_OF_NOTICES) {
            result.finding(Finding.of(
                    FindingType.QUEUE_NULL_SENDER_BACKLOG,
                    place.subject(),
                    senders.none() + " of " + senders.messages() + " messages that wait" + place.where()
                            + " have no sender: they are notices of mail systems",
                    Map.of(
                            "without sender",
                            Long.toString(senders.none()),
                            "messages",
                            Long.toString(senders.messages()))));
        }
    }
}
